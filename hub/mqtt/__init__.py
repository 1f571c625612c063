"""The only MQTT library of the hub."""

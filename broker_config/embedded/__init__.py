"""The built-in broker, for demo and trials: amqtt behind our own door, ruled by mosquitto's files.

amqtt speaks MQTT 3.1.1, keeps sessions and subscriptions and sends wills. What it does not do safely is
done here instead: it lets a stranger end anyone's session before asking for a password, sends retained
messages and wills past the rights, never enforces keep-alive, forgets what a client has not acknowledged,
and grows without bound behind a slow one.

- `access`  who may sign in, publish and read, from the same `passwd` and `acl` that mosquitto reads
- `door`    reads CONNECT, asks `access`, and only then hands the connection to amqtt
- `guest`   one connection: keep-alive, and an end to those who do not read
- `outbox`  what a session must still be given
- `broker`  amqtt with our routing; `handler` its connections, `plugins` what it asks

Nothing is kept on disk. A county runs mosquitto.
"""

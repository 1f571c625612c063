"""Which certificate the hub shows beyond this machine: the one it was given, or one by its own authority."""

import socket

from broker_config.tls import TlsFiles, ensure_ca
from hub.settings import Settings


def server_files(settings: Settings) -> TlsFiles:
    """Files for HTTP and MQTT alike. BrokerConfigError when the hub's own authority is not whole."""
    if settings.tls_cert is not None and settings.tls_key is not None:
        return TlsFiles(settings.tls_ca or settings.tls_cert, settings.tls_cert, settings.tls_key)
    names = [settings.bind, settings.device_host, socket.gethostname()]
    return ensure_ca(settings.data_dir / "broker", names)

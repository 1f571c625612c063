"""The broker: its configuration, its accounts and rights, its certificates, and the built-in one for trials.

`config` writes what mosquitto reads, `accounts` and `files` who may do what, `tls` the certificates,
`process` how to start and signal either broker, `embedded` the built-in broker under the same rules.
"""

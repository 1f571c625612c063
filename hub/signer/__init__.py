"""The signer: a process of its own that alone holds private keys, and checks by itself what it signs."""

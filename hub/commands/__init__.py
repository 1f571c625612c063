"""The commands of `xiangyin`, one file each; heavy libraries are imported inside them."""

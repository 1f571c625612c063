"""What `xiangyin bench` runs: each figure beside a bare part's figure, taken in the same run on one machine."""

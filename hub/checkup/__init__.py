"""`xiangyin doctor`: each part looked at by itself, with what to do about what is wrong."""

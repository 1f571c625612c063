"""清溪县, the invented county of the demo: nobody in it exists.

Its code stands on a province number that is not allotted (devices.ids), its telephone numbers on the mobile prefix
154, which is not allotted either, and its places lie where no such places are.
"""

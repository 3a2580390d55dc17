# The dashboard is built by npm and embedded; see daemon/dashboard/README in the code map.

from containers import *

write("ca.pem", trusted(cucm.ca))

from signed_and_certificates import *

write("odd.der", leaf("odd.example.com", extensions=["2.5.29.17=DER:040100"]).der)

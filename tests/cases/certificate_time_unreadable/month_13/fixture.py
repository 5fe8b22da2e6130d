from signed_and_certificates import *

whole = leaf("cucm-pub.example.com", "tomcat").der
write("tomcat.der", patch(whole, whole.index(b"300114000000Z"), b"301314000000Z"))

from signed_and_certificates import *

secrets = "<sshUserId>admin</sshUserId>\n<sshPassword>not-a-real-one</sshPassword>\n"
secrets += "<servicesURL>http://reader:not-a-real-one@www.example.com/menu</servicesURL>"
write("ITLSEP001122334455.tlv", two_nodes())
write("SEP001122334455.cnf.xml.sgn", sgn("SEP001122334455.cnf.xml.sgn", configuration(extra=secrets)))

from signed_and_certificates import *

urls = "<directoryURL>http://192.0.2.10:8080/ccmcip/xmldirectory.jsp</directoryURL>\n"
urls += "<secureDirectoryURL>https://cucm-pub.example.com:8443/ccmcip/xmldirectory.jsp</secureDirectoryURL>\n"
urls += "<secureServicesURL>HTTPS://cucm-pub.example.com:8443/ccmcip/getservicesmenu.jsp</secureServicesURL>"
write("SEP001122334455.cnf.xml", configuration(extra=urls))

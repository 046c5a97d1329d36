harness_test(soap soap)
harness_test(soap_hint soap)
harness_corpus(soap soap)
harness_test(spell soap)

harness_test(client_check client)
harness_test(client_actor client)
harness_test(client_check_http client)
harness_test(client_check_token client)

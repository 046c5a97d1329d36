harness_test(device device)
harness_test(device_fault device)
harness_test(device_server device)
harness_test(device_state device)

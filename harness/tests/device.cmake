harness_test(device_fault device)

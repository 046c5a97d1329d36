harness_test(engine engine)
harness_test(sample engine)
harness_test(target engine)

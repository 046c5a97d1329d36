harness_test(engine engine)

// What the drivers in Java share: the case, as the environment and standard input tell it.
import java.io.IOException;

class Case {
	static final String[] URLS = get("URLS", System.getenv("URL")).trim().split("\\s+");
	static final String METHOD = get("METHOD", "GET"), SCHEME = get("SCHEME", "any");
	static final String NAME = System.getenv("USERNAME"), PASSWORD = System.getenv("PASSWORD");

	interface Call {
		int status(String url) throws Exception;
	}

	static String get(String name, String otherwise) {
		String value = System.getenv(name);
		return value == null || value.isEmpty() ? otherwise : value;
	}

	static byte[] body() throws IOException {
		return System.in.readAllBytes();
	}

	static void cannot(String why) {
		System.err.println(why);
		System.exit(69);
	}

	/** For a library that knows nothing of WS-Security. */
	static void httpOnly() {
		if (SCHEME.equals("usernametoken"))
			cannot("writes no UsernameToken");
	}

	/** Calls all URLs in turn; the last one counts. */
	static void run(Call call) {
		int status = 0;
		for (String url : URLS) {
			try {
				status = call.status(url);
			} catch (Exception e) {
				System.err.println(e);
				status = 0;
			}
		}
		System.exit(status >= 200 && status < 300 ? 0 : 1);
	}
}

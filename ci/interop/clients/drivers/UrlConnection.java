// Java's HttpURLConnection, which picks the scheme by itself.
import java.net.*;

public class UrlConnection {
	static int call(String url, byte[] body) throws Exception {
		HttpURLConnection c = (HttpURLConnection) new URL(url).openConnection(Proxy.NO_PROXY);
		c.setRequestMethod(Case.METHOD);
		c.setReadTimeout(20000);
		if (body.length > 0) {
			c.setDoOutput(true);
			c.setRequestProperty("Content-Type", "application/octet-stream");
			c.getOutputStream().write(body);
		}
		int status = c.getResponseCode();
		if (status < 400)
			c.getInputStream().readAllBytes();
		return status;
	}

	public static void main(String[] arguments) throws Exception {
		Case.httpOnly();
		byte[] body = Case.body();
		Authenticator.setDefault(new Authenticator() {
			protected PasswordAuthentication getPasswordAuthentication() {
				return new PasswordAuthentication(Case.NAME, Case.PASSWORD.toCharArray());
			}
		});
		Case.run(url -> call(url, body));
	}
}

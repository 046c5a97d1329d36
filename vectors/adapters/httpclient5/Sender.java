// How HttpClient is made to answer a challenge with the values that a vector gives.
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Field;
import org.apache.hc.client5.http.auth.*;
import org.apache.hc.client5.http.impl.auth.*;
import org.apache.hc.core5.http.*;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.BasicHttpContext;
import org.apache.hc.core5.util.VersionInfo;

class Sender {
	static String version() {
		return VersionInfo.loadVersionInfo("org.apache.hc.client5",
			Sender.class.getClassLoader()).getRelease();
	}

	static String param(AuthChallenge challenge, String name) {
		for (NameValuePair p : challenge.getParams())
			if (p.getName().equalsIgnoreCase(name))
				return p.getValue();
		return "";
	}

	private static void put(Object scheme, String field, Object value) throws Exception {
		Field f = scheme.getClass().getDeclaredField(field);
		f.setAccessible(true);
		f.set(scheme, value);
	}

	private static void put(JsonNode q, Object scheme, AuthChallenge challenge) throws Exception {
		put(scheme, "lastNonce", param(challenge, "nonce"));
		if (Jsonl.text(q, "cnonce").matches(".*[\"\\\\].*"))
			throw new Jsonl.Unsupported("draws no cnonce with a quote or a backslash");
		put(scheme, "cnonce", Jsonl.text(q, "cnonce"));
		put(scheme, "nounceCount", Long.parseLong(q.get("nc").asText(), 16) - 1);
	}

	static ObjectNode send(JsonNode q, AuthScheme scheme, AuthChallenge challenge, String uri)
			throws Exception {
		HttpHost host = new HttpHost("http", "127.0.0.1", 80);
		BasicHttpContext context = new BasicHttpContext();
		BasicClassicHttpRequest request = new BasicClassicHttpRequest(
			q.path("method").asText("GET"), host, uri);
		request.setEntity(new ByteArrayEntity(Jsonl.octets(q, "body"), null));
		BasicCredentialsProvider provider = new BasicCredentialsProvider();
		provider.setCredentials(new AuthScope(host), new UsernamePasswordCredentials(
			Jsonl.text(q, "username"), Jsonl.text(q, "password").toCharArray()));
		scheme.processChallenge(challenge, context);
		if (!request.getRequestUri().equals(uri))
			throw new Jsonl.Unsupported("asks for " + request.getRequestUri());
		if (!scheme.isResponseReady(host, provider, context))
			throw new IllegalStateException("sent no Authorization");
		if (scheme instanceof DigestScheme)
			put(q, scheme, challenge);
		return Jsonl.authorization(scheme.generateAuthResponse(host, request, context));
	}
}

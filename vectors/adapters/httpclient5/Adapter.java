// Apache HttpClient 5: its challenge parser and schemes; cnonce and nc are put in by reflection.
import com.fasterxml.jackson.databind.*;
import com.fasterxml.jackson.databind.node.*;
import java.io.*;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.*;
import org.apache.hc.client5.http.auth.*;
import org.apache.hc.client5.http.impl.auth.*;
import org.apache.hc.core5.http.*;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.*;
import org.apache.hc.core5.http.protocol.BasicHttpContext;
import org.apache.hc.core5.util.VersionInfo;

public class Adapter {
	static final ObjectMapper json = new ObjectMapper();

	static class Unsupported extends Exception {
		Unsupported(String why) { super(why); }
	}

	static byte[] octets(JsonNode q, String name) {
		return q.has(name + "_hex") ? HexFormat.of().parseHex(q.get(name + "_hex").asText())
			: q.path(name).asText().getBytes(StandardCharsets.UTF_8);
	}

	static String text(JsonNode q, String name) throws Unsupported {
		String text = new String(octets(q, name), StandardCharsets.UTF_8);
		if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), octets(q, name)))
			throw new Unsupported("takes text, and " + name + " is not UTF-8");
		return text;
	}

	/** The challenges of all fields, of which the library sees each octet as a character. */
	static List<AuthChallenge> parse(JsonNode q, String name) throws ParseException {
		List<AuthChallenge> all = new ArrayList<>();
		boolean hex = q.has(name + "_hex");
		for (JsonNode field : q.get(hex ? name + "_hex" : name)) {
			byte[] octets = hex ? HexFormat.of().parseHex(field.asText())
				: field.asText().getBytes(StandardCharsets.UTF_8);
			String value = new String(octets, StandardCharsets.ISO_8859_1);
			all.addAll(AuthChallengeParser.INSTANCE.parse(ChallengeType.TARGET, value,
				new ParserCursor(0, value.length())));
		}
		return all;
	}

	static void put(Object scheme, String field, Object value) throws Exception {
		Field f = scheme.getClass().getDeclaredField(field);
		f.setAccessible(true);
		f.set(scheme, value);
	}

	static ObjectNode send(JsonNode q, AuthScheme scheme, AuthChallenge challenge, String uri)
			throws Exception {
		HttpHost host = new HttpHost("http", "127.0.0.1", 80);
		BasicHttpContext context = new BasicHttpContext();
		BasicClassicHttpRequest request = new BasicClassicHttpRequest(
			q.path("method").asText("GET"), host, uri);
		byte[] body = HexFormat.of().parseHex(q.path("body_hex").asText());
		request.setEntity(new ByteArrayEntity(body, null));
		BasicCredentialsProvider provider = new BasicCredentialsProvider();
		provider.setCredentials(new AuthScope(host), new UsernamePasswordCredentials(
			text(q, "username"), text(q, "password").toCharArray()));
		scheme.processChallenge(challenge, context);
		if (!request.getRequestUri().equals(uri))
			throw new Unsupported("asks for " + request.getRequestUri());
		if (!scheme.isResponseReady(host, provider, context))
			throw new IllegalStateException("sent no Authorization");
		if (scheme instanceof DigestScheme) {
			for (NameValuePair p : challenge.getParams())
				if (p.getName().equalsIgnoreCase("nonce"))
					put(scheme, "lastNonce", p.getValue());
			if (text(q, "cnonce").matches(".*[\"\\\\].*"))
				throw new Unsupported("draws no cnonce with a quote or a backslash");
			put(scheme, "cnonce", text(q, "cnonce"));
			put(scheme, "nounceCount", Long.parseLong(q.get("nc").asText(), 16) - 1);
		}
		String value = scheme.generateAuthResponse(host, request, context);
		byte[] octets = value.getBytes(StandardCharsets.ISO_8859_1);
		String utf8 = new String(octets, StandardCharsets.UTF_8);
		return Arrays.equals(utf8.getBytes(StandardCharsets.UTF_8), octets)
			? json.createObjectNode().put("authorization", utf8)
			: json.createObjectNode().put("authorization_hex", HexFormat.of().formatHex(octets));
	}

	static ObjectNode respond(JsonNode q) throws Exception {
		List<AuthChallenge> all = parse(q, "www_authenticate");
		all.removeIf(c -> !c.getSchemeName().equalsIgnoreCase("digest"));
		if (all.isEmpty())
			throw new IllegalStateException("no Digest challenge");
		for (AuthChallenge c : all)
			for (NameValuePair p : c.getParams())
				if (all.size() == 1 && p.getName().equalsIgnoreCase("algorithm")
						&& p.getValue().matches("(?i)SHA-256-sess|SHA-512-256(-sess)?"))
					throw new Unsupported("knows no " + p.getValue());
		return send(q, new DigestScheme(StandardCharsets.UTF_8), all.get(0), q.get("uri").asText());
	}

	static ObjectNode encode(JsonNode q) throws Exception {
		return send(q, new BasicScheme(StandardCharsets.UTF_8), new AuthChallenge(
			ChallengeType.TARGET, "Basic", new BasicNameValuePair("realm", "r")), "/");
	}

	static void value(ArrayNode pair, String value) {
		byte[] octets = value.getBytes(StandardCharsets.ISO_8859_1);
		String utf8 = new String(octets, StandardCharsets.UTF_8);
		if (Arrays.equals(utf8.getBytes(StandardCharsets.UTF_8), octets))
			pair.add(utf8);
		else
			pair.addObject().put("hex", HexFormat.of().formatHex(octets));
	}

	static ObjectNode challenges(JsonNode q) throws Exception {
		ObjectNode reply = json.createObjectNode();
		ArrayNode list = reply.putArray("challenges");
		for (AuthChallenge c : parse(q, "fields")) {
			ObjectNode one = list.addObject().put("scheme", c.getSchemeName());
			if (c.getValue() != null) {
				one.put("token68", c.getValue());
				continue;
			}
			ArrayNode params = one.putArray("params");
			if (c.getParams() != null)
				for (NameValuePair p : c.getParams())
					value(params.addArray().add(p.getName()), p.getValue() == null ? "" : p.getValue());
		}
		return reply;
	}

	static ObjectNode answer(JsonNode q) {
		try {
			switch (q.get("op").asText()) {
			case "basic.encode":
				return encode(q);
			case "digest.respond":
				return respond(q);
			default:
				return challenges(q);
			}
		} catch (Unsupported e) {
			return json.createObjectNode().put("unsupported", e.getMessage());
		} catch (Exception e) {
			return json.createObjectNode().put("error", String.valueOf(e));
		}
	}

	public static void main(String[] arguments) throws IOException {
		VersionInfo version = VersionInfo.loadVersionInfo("org.apache.hc.client5",
			Adapter.class.getClassLoader());
		BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
		PrintStream out = new PrintStream(System.out, false, "UTF-8");
		for (String line; (line = in.readLine()) != null; out.flush()) {
			JsonNode q = json.readTree(line);
			ObjectNode reply = q.has("hello") ? json.createObjectNode() : answer(q);
			if (q.has("hello")) {
				reply.put("adapter", "httpclient5").put("version", version.getRelease());
				reply.putArray("operations").add("basic.encode").add("digest.respond")
					.add("challenge.parse");
			} else {
				reply.set("id", q.get("id"));
			}
			out.println(json.writeValueAsString(reply));
		}
	}
}

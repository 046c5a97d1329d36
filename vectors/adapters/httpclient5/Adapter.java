// Apache HttpClient 5: its challenge parser and schemes; cnonce and nc are put in by reflection.
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import org.apache.hc.client5.http.auth.*;
import org.apache.hc.client5.http.impl.auth.*;
import org.apache.hc.core5.http.*;
import org.apache.hc.core5.http.message.*;

public class Adapter {
	static List<AuthChallenge> parse(JsonNode q, String name) throws ParseException {
		List<AuthChallenge> all = new ArrayList<>();
		for (String value : Jsonl.fields(q, name))
			all.addAll(AuthChallengeParser.INSTANCE.parse(ChallengeType.TARGET, value,
				new ParserCursor(0, value.length())));
		return all;
	}

	static ObjectNode respond(JsonNode q) throws Exception {
		List<AuthChallenge> all = parse(q, "www_authenticate");
		all.removeIf(c -> !c.getSchemeName().equalsIgnoreCase("digest"));
		if (all.isEmpty())
			throw new IllegalStateException("no Digest challenge");
		String algorithm = Sender.param(all.get(0), "algorithm");
		if (all.size() == 1 && algorithm.matches("(?i)SHA-256-sess|SHA-512-256(-sess)?"))
			throw new Jsonl.Unsupported("knows no " + algorithm);
		DigestScheme scheme = new DigestScheme(StandardCharsets.UTF_8);
		return Sender.send(q, scheme, all.get(0), q.get("uri").asText());
	}

	static ObjectNode encode(JsonNode q) throws Exception {
		return Sender.send(q, new BasicScheme(StandardCharsets.UTF_8), new AuthChallenge(
			ChallengeType.TARGET, "Basic", new BasicNameValuePair("realm", "r")), "/");
	}

	static ObjectNode challenges(JsonNode q) throws Exception {
		ObjectNode reply = Jsonl.object();
		ArrayNode list = reply.putArray("challenges");
		for (AuthChallenge c : parse(q, "fields")) {
			ObjectNode one = list.addObject().put("scheme", c.getSchemeName());
			if (c.getValue() != null) {
				one.put("token68", c.getValue());
				continue;
			}
			ArrayNode params = one.putArray("params");
			for (NameValuePair p : c.getParams() == null ? List.<NameValuePair>of() : c.getParams())
				Jsonl.param(params, p.getName(), p.getValue());
		}
		return reply;
	}

	public static void main(String[] arguments) throws Exception {
		Jsonl.serve("httpclient5", Sender.version(), Map.of("basic.encode", Adapter::encode,
			"digest.respond", Adapter::respond, "challenge.parse", Adapter::challenges));
	}
}

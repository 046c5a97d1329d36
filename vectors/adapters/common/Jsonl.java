// What the adapters in Java share: the loop over JSON Lines, and octets as text.
import com.fasterxml.jackson.databind.*;
import com.fasterxml.jackson.databind.node.*;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;

class Jsonl {
	static final ObjectMapper json = new ObjectMapper();

	static class Unsupported extends Exception {
		Unsupported(String why) { super(why); }
	}

	interface Operation {
		ObjectNode answer(JsonNode q) throws Exception;
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

	/** Field values, each octet a character. */
	static List<String> fields(JsonNode q, String name) {
		List<String> all = new ArrayList<>();
		boolean hex = q.has(name + "_hex");
		for (JsonNode field : q.get(hex ? name + "_hex" : name))
			all.add(new String(hex ? HexFormat.of().parseHex(field.asText())
				: field.asText().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
		return all;
	}

	static ObjectNode object() {
		return json.createObjectNode();
	}

	/** Octets that are UTF-8 as that, or null. */
	private static String utf8(byte[] octets) {
		String text = new String(octets, StandardCharsets.UTF_8);
		return Arrays.equals(text.getBytes(StandardCharsets.UTF_8), octets) ? text : null;
	}

	/** The answer that holds a field value, which came with an octet a character. */
	static ObjectNode authorization(String value) {
		byte[] octets = value.getBytes(StandardCharsets.ISO_8859_1);
		return utf8(octets) != null ? object().put("authorization", utf8(octets))
			: object().put("authorization_hex", HexFormat.of().formatHex(octets));
	}

	/** A parameter of a challenge: its name, and its value as text or in hex. */
	static void param(ArrayNode params, String name, String value) {
		byte[] octets = (value == null ? "" : value).getBytes(StandardCharsets.ISO_8859_1);
		ArrayNode pair = params.addArray().add(name);
		if (utf8(octets) != null)
			pair.add(utf8(octets));
		else
			pair.addObject().put("hex", HexFormat.of().formatHex(octets));
	}

	private static ObjectNode answer(JsonNode q, Map<String, Operation> operations) {
		try {
			return operations.get(q.get("op").asText()).answer(q);
		} catch (Unsupported e) {
			return object().put("unsupported", e.getMessage());
		} catch (Exception e) {
			return object().put("error", String.valueOf(e));
		}
	}

	static void serve(String name, String version, Map<String, Operation> operations)
			throws IOException {
		BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
		PrintStream out = new PrintStream(System.out, false, "UTF-8");
		for (String line; (line = in.readLine()) != null; out.flush()) {
			JsonNode q = json.readTree(line);
			ObjectNode reply = q.has("hello") ? object() : answer(q, operations);
			if (q.has("hello")) {
				reply.put("adapter", name).put("version", version);
				operations.keySet().forEach(reply.putArray("operations")::add);
			} else {
				reply.set("id", q.get("id"));
			}
			out.println(json.writeValueAsString(reply));
		}
	}
}

// Apache HttpClient 5, which picks the scheme unless it is told.
import java.util.List;
import org.apache.hc.client5.http.auth.*;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.*;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.*;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;

public class HttpClient5 {
	public static void main(String[] arguments) throws Exception {
		Case.httpOnly();
		byte[] body = Case.body();
		BasicCredentialsProvider accounts = new BasicCredentialsProvider();
		for (String url : Case.URLS)
			accounts.setCredentials(new AuthScope(HttpHost.create(java.net.URI.create(url))),
				new UsernamePasswordCredentials(Case.NAME, Case.PASSWORD.toCharArray()));
		RequestConfig.Builder config = RequestConfig.custom();
		if (!Case.SCHEME.equals("any"))
			config.setTargetPreferredAuthSchemes(List.of(
				Case.SCHEME.equals("basic") ? StandardAuthScheme.BASIC : StandardAuthScheme.DIGEST));
		CloseableHttpClient client = HttpClients.custom().setDefaultCredentialsProvider(accounts)
			.setDefaultRequestConfig(config.build()).build();
		HttpClientContext session = HttpClientContext.create();
		Case.run(url -> {
			BasicClassicHttpRequest request = new BasicClassicHttpRequest(Case.METHOD,
				java.net.URI.create(url));
			if (body.length > 0)
				request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_OCTET_STREAM));
			return client.execute(request, session, answer -> answer.getCode());
		});
	}
}

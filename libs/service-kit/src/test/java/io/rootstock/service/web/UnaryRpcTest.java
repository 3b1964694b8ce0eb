package io.rootstock.service.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.rpc.BadRequest;
import io.grpc.stub.StreamObserver;
import io.rootstock.inference.v1.AbortRequest;
import io.rootstock.inference.v1.AbortResponse;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.ClassifyResponse;
import io.rootstock.inference.v1.ControlServiceGrpc;
import io.rootstock.service.access.AuditLog;
import io.rootstock.tokenizer.v1.SourceServiceGrpc;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UnaryRpcTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CLASSIFY = WebServer.INFERENCE + "Classify";

    private final WebServer server =
            new WebServer(new StreamService(), new Control(), new SourceServiceGrpc.SourceServiceImplBase() {});

    /** Aborts nothing, successfully. */
    private static final class Control extends ControlServiceGrpc.ControlServiceImplBase {
        @Override
        public void abort(AbortRequest request, StreamObserver<AbortResponse> responses) {
            responses.onNext(AbortResponse.getDefaultInstance());
            responses.onCompleted();
        }
    }

    @AfterEach
    void close() {
        server.close();
    }

    private HttpResponse<byte[]> json(String path, String body) throws Exception {
        return server.send(
                server.request(path, "application/json", body.getBytes(UTF_8)).build());
    }

    private static JsonNode body(HttpResponse<byte[]> response) throws Exception {
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        return JSON.readTree(response.body());
    }

    private static void expectError(HttpResponse<byte[]> response, int status, String code, String message)
            throws Exception {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(body(response).path("code").asText()).isEqualTo(code);
        assertThat(body(response).path("message").asText()).contains(message);
    }

    @Test
    void jsonIsAnsweredInJson() throws Exception {
        HttpResponse<byte[]> response = json(CLASSIFY, "{\"model\": \"m\"}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(body(response).path("version").asText()).isEqualTo("models/m/versions/1");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(response.headers().map()).doesNotContainKey("access-control-allow-origin");
    }

    @Test
    void protobufIsAnsweredInProtobuf() throws Exception {
        byte[] request = ClassifyRequest.newBuilder().setModel("m").build().toByteArray();
        HttpResponse<byte[]> response = server.send(
                server.request(CLASSIFY, "application/proto", request).build());
        assertThat(response.headers().firstValue("Content-Type")).contains("application/proto");
        assertThat(ClassifyResponse.parseFrom(response.body()).getVersion()).isEqualTo("models/m/versions/1");
    }

    @Test
    void typedErrorsKeepTheirDetails() throws Exception {
        HttpResponse<byte[]> response = json(CLASSIFY, "{\"model\": \"typed\"}");
        expectError(response, 400, "invalid_argument", "texts[0]: must not be empty");
        JsonNode details = body(response).path("details");
        JsonNode request = details.get(1);
        assertThat(request.path("type").asText()).isEqualTo("google.rpc.BadRequest");
        BadRequest decoded = BadRequest.parseFrom(
                Base64.getDecoder().decode(request.path("value").asText()));
        assertThat(decoded.getFieldViolations(0).getField()).isEqualTo("texts[0]");
        assertThat(details.get(0).path("debug").path("reason").asText()).isEqualTo("INVALID_FIELD");
    }

    @Test
    void strayExceptionsAreHiddenBehindAnId() throws Exception {
        HttpResponse<byte[]> response = json(CLASSIFY, "{\"model\": \"stray\"}");
        expectError(response, 500, "internal", "internal error");
        assertThat(new String(response.body(), UTF_8)).doesNotContain("secret");
    }

    @Test
    void malformedRequestsNameTheField() throws Exception {
        expectError(json(CLASSIFY, "{\"modle\": \"m\"}"), 400, "invalid_argument", "modle");
        expectError(json(CLASSIFY, "{"), 400, "invalid_argument", "is not a valid message of");
        expectError(json(CLASSIFY, "[".repeat(1 << 20)), 400, "invalid_argument", "is not a valid message of");
        HttpResponse<byte[]> notUtf8 = server.send(
                server.request(CLASSIFY, "application/json", new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'})
                        .build());
        expectError(notUtf8, 400, "invalid_argument", "the JSON is not UTF-8");
        HttpResponse<byte[]> notProtobuf =
                server.send(server.request(CLASSIFY, "application/proto", new byte[] {(byte) 0xff})
                        .build());
        expectError(notProtobuf, 400, "invalid_argument", "is not a valid message of");
    }

    @Test
    void anUnknownRpcIsUnimplemented() throws Exception {
        expectError(json(WebServer.INFERENCE + "Clasify", "{}"), 404, "unimplemented", "has no RPC");
        expectError(json("/rootstock.nothing.v1.Service/Get", "{}"), 404, "unimplemented", "has no RPC");
    }

    @Test
    void onlyPostCallsAndOnlyWithTheTypeOfTheRpc() throws Exception {
        HttpRequest get =
                server.request(CLASSIFY, "application/json", new byte[0]).GET().build();
        HttpResponse<byte[]> refused = server.send(get);
        expectError(refused, 405, "unimplemented", "POST, not GET");
        assertThat(refused.headers().firstValue("Allow")).contains("POST");
        for (String type : new String[] {"text/plain", "application/connect+json", "application/grpc-web"}) {
            HttpResponse<byte[]> response = server.send(
                    server.request(CLASSIFY, type, "{}".getBytes(UTF_8)).build());
            expectError(response, 415, "unimplemented", type);
            assertThat(response.headers().firstValue("Accept-Post")).contains("application/json, application/proto");
        }
        expectError(json(WebServer.INFERENCE + "GenerateStream", "{}"), 415, "unimplemented", "connect+json");
    }

    @Test
    void streamsOfRequestsNeedGrpc() throws Exception {
        expectError(
                json("/rootstock.tokenizer.v1.SourceService/UploadSource", "{}"),
                501,
                "unimplemented",
                "has a stream of requests");
    }

    @Test
    void aCallEndsAtItsTimeout() throws Exception {
        HttpRequest request = server.request(CLASSIFY, "application/json", "{\"model\": \"never\"}".getBytes(UTF_8))
                .header("Connect-Timeout-Ms", "50")
                .build();
        expectError(server.send(request), 504, "deadline_exceeded", "");
    }

    @Test
    void invalidHeadersAreRefused() throws Exception {
        HttpRequest.Builder request = server.request(CLASSIFY, "application/json", "{}".getBytes(UTF_8));
        expectError(
                server.send(request.copy().header("Connect-Timeout-Ms", "1s").build()),
                400,
                "invalid_argument",
                "must be a number of at most 10 digits, was 1s");
        expectError(
                server.send(
                        request.copy().header("Connect-Protocol-Version", "2").build()),
                400,
                "invalid_argument",
                "must be 1, was 2");
        expectError(
                server.send(request.copy().header("Content-Encoding", "gzip").build()),
                501,
                "unimplemented",
                "Content-Encoding: gzip");
    }

    @Test
    void pagesOfOtherSitesAreRefused() throws Exception {
        HttpRequest.Builder request = server.request(CLASSIFY, "application/json", "{}".getBytes(UTF_8));
        for (String[] header :
                new String[][] {{"Origin", "http://evil.example"}, {"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"}
                }) {
            expectError(
                    server.send(request.copy().header(header[0], header[1]).build()),
                    403,
                    "permission_denied",
                    "rootstock.web.origins");
        }
        HttpRequest own = request.copy()
                .header("Origin", "http://127.0.0.1:" + server.port())
                .header("Sec-Fetch-Site", "same-origin")
                .build();
        assertThat(server.send(own).statusCode()).isEqualTo(200);
    }

    @Test
    void theAuditLogHasTheAddressAndTheReasonOfTheClient() throws Exception {
        HttpRequest request = server.request(
                        "/rootstock.inference.v1.ControlService/Abort",
                        "application/json",
                        "{\"requestId\": \"r1\"}".getBytes(UTF_8))
                .header("rootstock-reason-bin", Base64.getEncoder().encodeToString("Störung".getBytes(UTF_8)))
                .build();
        assertThat(server.send(request).statusCode()).isEqualTo(200);
        AuditLog.Entry entry = server.audited.poll(30, TimeUnit.SECONDS);
        assertThat(entry.peer()).isEqualTo("127.0.0.1");
        assertThat(entry.principal()).isEqualTo("users/local");
        assertThat(entry.reason()).isEqualTo("Störung");
        assertThat(server.ended.poll(30, TimeUnit.SECONDS)).isEqualTo("OK");
    }
}

package io.rootstock.service.tls;

import io.grpc.ManagedChannel;
import io.rootstock.client.ServiceChannel;
import io.rootstock.client.tls.ReloadListener;
import io.rootstock.client.tls.ReloadedTls;
import io.rootstock.client.tls.SecretVolume;
import io.rootstock.client.tls.TlsFiles;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/** Calls a service by gRPC, over one channel, and by HTTP, over a connection for each request. */
final class TestClient implements AutoCloseable {
    private final AtomicInteger replacements = new AtomicInteger();
    private final ReloadedTls tls;
    private final ManagedChannel channel;
    private final SSLSocketFactory sockets;
    private final int httpsPort;

    TestClient(int grpcPort, int httpsPort, SecretVolume files) {
        this(grpcPort, httpsPort, Optional.of(files), files);
    }

    private TestClient(int grpcPort, int httpsPort, Optional<SecretVolume> identity, SecretVolume trust) {
        TlsFiles files = new TlsFiles(
                new TlsFiles.Names("certificate", "key", "authority"),
                identity.map(SecretVolume::certificate),
                identity.map(SecretVolume::key),
                Optional.of(trust.authority()));
        tls = new ReloadedTls(files, Duration.ofMillis(100), new ReloadListener() {
            @Override
            public void replaced() {
                replacements.incrementAndGet();
            }

            @Override
            public void refused(String reason) {}
        });
        channel = ServiceChannel.open("127.0.0.1:" + grpcPort, Optional.of(tls), Optional.empty());
        sockets = tls.clientContext().getSocketFactory();
        this.httpsPort = httpsPort;
    }

    static TestClient withoutCertificate(int grpcPort, int httpsPort, SecretVolume trust) {
        return new TestClient(grpcPort, httpsPort, Optional.empty(), trust);
    }

    /** Number of times that replaced files came into use. */
    int replacements() {
        return replacements.get();
    }

    /** Returns the version that the example service answers with. */
    String call() {
        return InferenceServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .classify(ClassifyRequest.getDefaultInstance())
                .getVersion();
    }

    /** Returns the status of the same call over HTTP. */
    int callOverHttp() throws IOException {
        HttpURLConnection connection = open("/" + InferenceServiceGrpc.SERVICE_NAME + "/Classify");
        try {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.getOutputStream().write(new byte[] {'{', '}'});
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }

    private HttpURLConnection open(String path) throws IOException {
        URI address = URI.create("https://127.0.0.1:" + httpsPort + path);
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        ((HttpsURLConnection) connection).setSSLSocketFactory(sockets);
        connection.setRequestProperty("Connection", "close");
        connection.setConnectTimeout(20_000);
        connection.setReadTimeout(20_000);
        return connection;
    }

    /** Returns the status of a GET request. */
    int get(String path) throws IOException {
        HttpURLConnection connection = open(path);
        try {
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        tls.close();
    }
}

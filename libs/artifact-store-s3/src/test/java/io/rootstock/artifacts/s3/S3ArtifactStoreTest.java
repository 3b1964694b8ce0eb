package io.rootstock.artifacts.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactLocation;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.CorruptArtifactException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.artifacts.StoredArtifact;
import io.rootstock.artifacts.UnreadableArtifactException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

@Timeout(120)
class S3ArtifactStoreTest {
    private static final int PART_BYTES = 5 << 20;

    @TempDir
    private static Path serverFolder;

    private static S3Server server;
    private static S3Client client;

    @TempDir
    private Path folder;

    private String prefix;
    private S3ArtifactStore store;

    @BeforeAll
    static void startServer() throws IOException, InterruptedException {
        System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
        server = S3Server.start(Path.of("target/s3proxy/s3proxy.jar"), serverFolder);
        client = server.client();
    }

    @AfterAll
    static void stopServer() {
        client.close();
        server.close();
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    @BeforeEach
    void open(TestInfo test) {
        prefix = test.getTestMethod().orElseThrow().getName();
        store = open("cache");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void keepsFilesUnderTheirDigests() throws IOException {
        Digest digest = store.putFile(file("text", "some text"));
        assertThat(digest).isEqualTo(Digest.of("some text".getBytes(StandardCharsets.UTF_8)));
        assertThat(store.contains(digest)).isTrue();
        assertThat(store.size(digest)).isEqualTo(9);
        assertThat(store.readAll(digest)).asString(StandardCharsets.UTF_8).isEqualTo("some text");
        assertThat(open("other-machine").verified(digest)).hasContent("some text");
        assertThat(store.open(digest, 5)).hasContent("text");
    }

    @Test
    void keepsDocumentsUnderTheirNames() {
        assertThat(store.documents()).isEmpty();
        store.putDocument("backup-2", "two");
        store.putDocument("backup-1", "one");
        store.putDocument("backup-2", "zwei, ü");
        assertThat(open("other-machine").documents()).containsExactly("backup-1", "backup-2");
        assertThat(store.document("backup-2")).contains("zwei, ü");
        assertThat(store.document("backup-3")).isEmpty();
        store.removeDocument("backup-2");
        store.removeDocument("backup-2");
        assertThat(open("third-machine").documents()).containsExactly("backup-1");
        List<StoredArtifact> artifacts = new ArrayList<>();
        store.list(artifacts::add);
        assertThat(artifacts).isEmpty();
    }

    @Test
    void keepsTheEmptyArtifact() throws IOException {
        Digest digest = store.putFile(file("empty", ""));
        assertThat(store.size(digest)).isZero();
        assertThat(store.verified(digest)).isEmptyFile();
        assertThat(store.readAll(digest)).isEmpty();
    }

    @Test
    void showsNothingBeforeTheCommit() throws IOException {
        Digest digest = Digest.of("abc".getBytes(StandardCharsets.UTF_8));
        try (ArtifactWriter writer = store.create()) {
            writer.write("ab".getBytes(StandardCharsets.UTF_8));
            writer.write('c');
            assertThat(store.contains(digest)).isFalse();
            assertThat(writer.commit()).isEqualTo(digest);
        }
        assertThat(store.contains(digest)).isTrue();
        try (ArtifactWriter writer = store.create()) {
            writer.write('x');
        }
        assertThat(folder.resolve("cache/temporary")).isEmptyDirectory();
        assertThat(keys("objects/")).hasSize(1);
    }

    @Test
    void restoresADirectoryWithTheDigestThatItHasInOtherStores() throws IOException {
        Path model = Files.createDirectories(folder.resolve("model/tokenizer"));
        Files.writeString(model.resolve("tokenizer.json"), "{}");
        Files.writeString(folder.resolve("model/weights"), "weights");
        Digest digest = store.putDirectory(folder.resolve("model"));
        assertThat(digest)
                .isEqualTo(new DirectoryArtifactStore(folder.resolve("local")).putDirectory(folder.resolve("model")));
        Path restored = open("other-machine").materialize(digest, folder.resolve("restored"));
        assertThat(restored.resolve("tokenizer/tokenizer.json")).hasContent("{}");
        assertThat(restored.resolve("weights")).hasContent("weights");
    }

    @Test
    void namesTheMissingArtifact() {
        Digest digest = Digest.of(new byte[] {1});
        assertThat(store.contains(digest)).isFalse();
        assertThatThrownBy(() -> store.verified(digest))
                .isInstanceOf(NoSuchArtifactException.class)
                .hasMessageContaining(digest.hex())
                .hasMessageContaining(S3Server.BUCKET + "/" + prefix);
        assertThatThrownBy(() -> store.renew(digest)).isInstanceOf(NoSuchArtifactException.class);
    }

    @Test
    void storesLargeFilesInParts() throws IOException {
        byte[] bytes = random(2 * PART_BYTES + 12_345);
        Digest digest = store.putFile(Files.write(folder.resolve("large"), bytes));
        assertThat(store.size(digest)).isEqualTo(bytes.length);
        assertThat(open("other-machine").verified(digest)).hasBinaryContent(bytes);
        assertThat(uploads()).isEmpty();
    }

    @Test
    void sendsOnlyTheMissingPartsOfAnInterruptedUpload() throws IOException {
        byte[] bytes = random(3 * PART_BYTES);
        Digest digest = Digest.of(bytes);
        String key = prefix + "/objects/" + digest.hex() + "/interrupted";
        String upload = client.createMultipartUpload(
                        request -> request.bucket(S3Server.BUCKET).key(key))
                .uploadId();
        for (int part : List.of(1, 3)) {
            byte[] content = Arrays.copyOfRange(bytes, (part - 1) * PART_BYTES, part * PART_BYTES);
            client.uploadPart(
                    request -> request.bucket(S3Server.BUCKET)
                            .key(key)
                            .uploadId(upload)
                            .partNumber(part),
                    RequestBody.fromBytes(content));
        }
        assertThat(store.putFile(Files.write(folder.resolve("large"), bytes))).isEqualTo(digest);
        assertThat(keys("objects/")).containsExactly(key);
        assertThat(uploads()).isEmpty();
        assertThat(open("other-machine").verified(digest)).hasBinaryContent(bytes);
    }

    @Test
    void sendsPartsThatAnInterruptedUploadHasWithOtherBytes() throws IOException {
        byte[] bytes = random(2 * PART_BYTES);
        Digest digest = Digest.of(bytes);
        String key = prefix + "/objects/" + digest.hex() + "/interrupted";
        String upload = client.createMultipartUpload(
                        request -> request.bucket(S3Server.BUCKET).key(key))
                .uploadId();
        client.uploadPart(
                request -> request.bucket(S3Server.BUCKET)
                        .key(key)
                        .uploadId(upload)
                        .partNumber(1),
                RequestBody.fromBytes(new byte[PART_BYTES]));
        store.putFile(Files.write(folder.resolve("large"), bytes));
        assertThat(open("other-machine").verified(digest)).hasBinaryContent(bytes);
    }

    @Test
    void doesNotSendContentThatTheStoreHas() throws IOException {
        Digest digest = store.putFile(file("text", "text"));
        List<String> before = keys("objects/");
        assertThat(open("other-machine").putFile(file("same", "text"))).isEqualTo(digest);
        assertThat(keys("objects/")).isEqualTo(before).hasSize(1);
    }

    @Test
    void storesContentAgainWhoseObjectIsLost() throws IOException {
        Digest digest = store.putFile(file("text", "text"));
        keys("objects/")
                .forEach(key -> client.deleteObject(
                        request -> request.bucket(S3Server.BUCKET).key(key)));
        store.putFile(file("text", "text"));
        assertThat(open("other-machine").verified(digest)).hasContent("text");
    }

    @Test
    void refusesBytesThatDoNotMatchTheDigest() throws IOException {
        Digest digest = store.putFile(file("text", "text"));
        String key = keys("objects/").getFirst();
        client.putObject(request -> request.bucket(S3Server.BUCKET).key(key), RequestBody.fromString("tixt"));
        assertThatThrownBy(() -> store.verified(digest)).isInstanceOf(CorruptArtifactException.class);
        assertThatThrownBy(() -> store.readAll(digest)).isInstanceOf(CorruptArtifactException.class);
    }

    @Test
    void fetchesADamagedCopyAgain() throws IOException {
        Digest digest = store.putFile(file("text", "text"));
        Path copy = store.verified(digest);
        Files.writeString(copy, "tixt");
        assertThat(open("cache").verified(digest)).isEqualTo(copy).hasContent("text");
    }

    @Test
    void removesOnlyWhatIsOlder() throws IOException {
        Digest digest = store.putFile(file("text", "text"));
        StoredArtifact listed = list().getFirst();
        assertThat(listed.digest()).isEqualTo(digest);
        assertThat(listed.bytes()).isEqualTo(4);
        assertThat(store.removeIfOlder(digest, listed.renewed())).isEmpty();
        assertThat(store.removeIfOlder(digest, listed.renewed().plusSeconds(1))).isEqualTo(OptionalLong.of(4));
        assertThat(store.removeIfOlder(digest, listed.renewed().plusSeconds(1))).isEmpty();
        assertThat(store.contains(digest)).isFalse();
        assertThat(list()).isEmpty();
        assertThat(keys("objects/")).isEmpty();
        assertThat(store.putFile(file("text", "text"))).isEqualTo(digest);
        assertThat(open("other-machine").verified(digest)).hasContent("text");
    }

    @Test
    void renewsEverythingThatAManifestNames() throws IOException {
        Path model = Files.createDirectories(folder.resolve("model"));
        Files.writeString(model.resolve("weights"), "weights");
        Digest directory = store.putDirectory(model);
        List<String> before = versions();
        store.renew(directory);
        assertThat(versions()).hasSize(2).doesNotContainAnyElementsOf(before);
    }

    @Test
    void removesWhatStoppedWritersLeft() throws IOException {
        Digest named = store.putFile(file("text", "text"));
        client.createMultipartUpload(request -> request.bucket(S3Server.BUCKET)
                .key(prefix + "/objects/" + Digest.of(new byte[] {1}).hex() + "/started"));
        for (String key : List.of(
                "/objects/" + Digest.of(new byte[] {2}).hex() + "/unnamed", "/objects/" + named.hex() + "/second")) {
            client.putObject(
                    request -> request.bucket(S3Server.BUCKET).key(prefix + key), RequestBody.fromString("text"));
        }
        Path temporary = Files.writeString(folder.resolve("cache/temporary/left"), "text");
        assertThat(store.removeAbandoned(Instant.now().minus(Duration.ofHours(1))))
                .isZero();
        assertThat(temporary).exists();
        assertThat(uploads()).hasSize(1);
        assertThat(store.removeAbandoned(Instant.now().plusSeconds(5))).isEqualTo(12);
        assertThat(temporary).doesNotExist();
        assertThat(uploads()).isEmpty();
        assertThat(keys("objects/")).hasSize(1);
        assertThat(open("other-machine").verified(named)).hasContent("text");
    }

    @Test
    void refusesABucketThatDoesNotExist() {
        URI address = URI.create(server.address(prefix).toString().replace(S3Server.BUCKET, "elsewhere"));
        assertThatThrownBy(() -> new ArtifactLocation(folder, Optional.of(address)).open())
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("s3://elsewhere/");
    }

    @Test
    void refusesAServerThatIgnoresConditions() throws IOException {
        HttpServer careless = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        careless.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        careless.start();
        try {
            URI address = URI.create("s3://artifacts/?endpoint=http://127.0.0.1:"
                    + careless.getAddress().getPort());
            assertThatThrownBy(() -> new ArtifactLocation(folder, Optional.of(address)).open())
                    .isInstanceOf(ArtifactException.class)
                    .hasMessageContaining("ignores If-None-Match");
        } finally {
            careless.stop(0);
        }
    }

    @Test
    void saysThatTheServerIsUnavailableAndUsesItAgain() throws IOException, InterruptedException {
        Digest digest = store.putFile(file("text", "text"));
        server.kill();
        try {
            assertThatThrownBy(() -> store.verified(digest))
                    .isInstanceOf(UnreadableArtifactException.class)
                    .hasMessageContaining("s3://" + S3Server.BUCKET + "/" + prefix);
        } finally {
            server.start();
        }
        assertThat(store.verified(digest)).hasContent("text");
    }

    private S3ArtifactStore open(String cache) {
        ArtifactStore opened = new ArtifactLocation(folder.resolve(cache), Optional.of(server.address(prefix))).open();
        assertThat(opened).isInstanceOf(S3ArtifactStore.class);
        return (S3ArtifactStore) opened;
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private List<StoredArtifact> list() {
        List<StoredArtifact> all = new ArrayList<>();
        store.list(all::add);
        return all;
    }

    private List<String> keys(String below) {
        return objects(below).stream().map(S3Object::key).toList();
    }

    private List<String> versions() {
        return objects("names/").stream()
                .filter(object -> !object.key().endsWith("probe"))
                .map(S3Object::eTag)
                .toList();
    }

    private List<S3Object> objects(String below) {
        return client.listObjectsV2(request -> request.bucket(S3Server.BUCKET).prefix(prefix + "/" + below))
                .contents();
    }

    private List<MultipartUpload> uploads() {
        return client.listMultipartUploads(request -> request.bucket(S3Server.BUCKET)).uploads().stream()
                .filter(upload -> upload.key().startsWith(prefix + "/"))
                .toList();
    }
}

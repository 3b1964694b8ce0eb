package io.rootstock.corpus.worker.s3;

import io.rootstock.artifacts.s3.S3Server;
import io.rootstock.corpus.recipe.Recipe;
import io.rootstock.corpus.unit.InputRoots;
import io.rootstock.corpus.worker.fixture.Recipes;
import io.rootstock.corpus.worker.plan.RecipePlan;
import io.rootstock.corpus.worker.token.PreparedTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** The bucket of a server, and credentials of this process for it. */
final class Bucket implements AutoCloseable {
    private static final String ID = "aws.accessKeyId";
    private static final String SECRET = "aws.secretAccessKey";

    private final S3Server server;
    private final S3Client client;

    Bucket(Path folder) throws IOException, InterruptedException {
        useSecret(S3Server.SECRET_KEY);
        server = S3Server.start(Path.of("target/s3proxy/s3proxy.jar"), folder);
        client = server.client();
    }

    static void useSecret(String secret) {
        System.setProperty(ID, S3Server.ACCESS_KEY);
        System.setProperty(SECRET, secret);
    }

    URI endpoint() {
        return server.endpoint();
    }

    /** Address of a prefix or object. */
    static String address(String key) {
        return "s3://" + S3Server.BUCKET + "/" + key;
    }

    void put(String key, byte[] bytes) {
        client.putObject(request -> request.bucket(S3Server.BUCKET).key(key), RequestBody.fromBytes(bytes));
    }

    void putDirectory(String prefix, Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                try {
                    put(prefix + "/" + directory.relativize(file), Files.readAllBytes(file));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    void delete(String key) {
        client.deleteObject(request -> request.bucket(S3Server.BUCKET).key(key));
    }

    /** Plans a recipe that may read the objects with a prefix. */
    RecipePlan plan(String yaml, String allowedPrefix) throws IOException {
        return plan(yaml, List.of(root(allowedPrefix, endpoint())), Optional.empty());
    }

    static RecipePlan plan(String yaml, List<String> roots, Optional<Path> tokenizer) throws IOException {
        Recipe recipe = Recipes.read(yaml);
        return RecipePlan.of(
                "recipe.yaml",
                recipe,
                InputRoots.parse(Path.of("nowhere"), roots),
                tokenizer.map(files -> PreparedTokenizer.read("recipe.yaml", files)));
    }

    static String root(String prefix, URI endpoint) {
        return address(prefix) + "?endpoint=" + endpoint;
    }

    @Override
    public void close() {
        client.close();
        server.close();
        System.clearProperty(ID);
        System.clearProperty(SECRET);
    }
}

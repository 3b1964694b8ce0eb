package io.rootstock.inference.openai.file;

import com.google.protobuf.ByteString;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.rootstock.inference.http.Form;
import io.rootstock.inference.registry.RegistryClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.function.Function;

/** Sends a header and the content of a file to the registry. */
final class ContentSender {
    private static final int CHUNK = 256 << 10;

    private ContentSender() {}

    /**
     * Sends a file and returns the response.
     *
     * @param chunk converts content to a message
     * @throws io.grpc.StatusRuntimeException the registry's error
     */
    static <Q, A> A send(BlockingClientCall<Q, A> call, Q header, Form.UploadedFile file, Function<ByteString, Q> chunk)
            throws InterruptedException {
        boolean ended = false;
        try (InputStream content = Files.newInputStream(file.path())) {
            boolean open = call.write(header);
            byte[] bytes = content.readNBytes(CHUNK);
            while (open && bytes.length > 0) {
                open = call.write(chunk.apply(ByteString.copyFrom(bytes)));
                bytes = content.readNBytes(CHUNK);
            }
            call.halfClose();
            A answer = call.read();
            ended = true;
            return answer;
        } catch (StatusException e) {
            ended = true;
            throw RegistryClient.error(e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read an uploaded file", e);
        } finally {
            if (!ended) {
                call.cancel("the file cannot be sent", null);
            }
        }
    }
}

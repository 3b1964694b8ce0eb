package io.rootstock.service.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.arc.DefaultBean;
import io.rootstock.service.CommonSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The audit log of a service without a database: lines of JSON in {@code audit/{service}.jsonl} of the home, one when a
 * call begins and one when it ends, on disk before the call continues. At 64 MiB the file becomes {@code .1}, and so on
 * up to {@code .9}.
 */
@ApplicationScoped
@DefaultBean
class AuditFile implements AuditLog {
    private static final long MAX_BYTES = 64L << 20;
    private static final int OLD_FILES = 9;

    private final Path file;
    private final long largest;
    private final ObjectMapper json = new ObjectMapper();
    private final AtomicLong number = new AtomicLong(System.currentTimeMillis() * 1000);

    @Inject
    AuditFile(CommonSettings settings, @ConfigProperty(name = "quarkus.application.name") String service) {
        this(settings.home().resolve("audit").resolve(service + ".jsonl"), MAX_BYTES);
    }

    AuditFile(Path file, long largest) {
        this.file = file;
        this.largest = largest;
    }

    @Override
    public long begin(Entry entry) {
        long id = number.incrementAndGet();
        Map<String, Object> line = line(id);
        line.put("principal", entry.principal());
        line.put("peer", entry.peer());
        line.put("method", entry.method());
        line.put("resources", entry.resources());
        line.put("request", entry.request());
        line.put("reason", entry.reason());
        append(line);
        return id;
    }

    @Override
    public void end(long id, String status, String after) {
        Map<String, Object> line = line(id);
        line.put("status", status);
        line.put("after", after);
        append(line);
    }

    private static Map<String, Object> line(long id) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("number", id);
        line.put("time", Instant.now().toString());
        return line;
    }

    private synchronized void append(Map<String, Object> line) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            if (Files.exists(file) && Files.size(file) >= largest) {
                rotate();
            }
            ByteBuffer bytes = ByteBuffer.wrap((json.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
            try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(false);
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a line of texts has no JSON form", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the audit log " + file, e);
        }
    }

    private void rotate() throws IOException {
        for (int i = OLD_FILES - 1; i >= 1; i--) {
            if (Files.exists(old(i))) {
                Files.move(old(i), old(i + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(file, old(1), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path old(int i) {
        return file.resolveSibling(file.getFileName() + "." + i);
    }
}

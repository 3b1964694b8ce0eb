package io.rootstock.artifacts;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A stored directory: its files in the order of their paths. As JSON:
 * {@code {"files":[{"path":"a/b.txt","digest":"sha256:...","bytes":3}]}}.
 *
 * <p>Paths are relative, use {@code /}, and cannot name a file outside the directory: invalid are empty, {@code .} and
 * {@code ..} components, backslashes, control characters, duplicate paths, and paths that are both file and folder.
 */
public record DirectoryManifest(List<Entry> files) {
    /** Maximum number of files. A model of 1 TB in files of 1 GB has a tenth of them. */
    static final int MAX_FILES = 10_000;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * One file.
     *
     * @param path path in the directory
     * @param digest digest of the file's bytes
     * @param bytes length of the file
     */
    public record Entry(String path, Digest digest, long bytes) {
        public Entry {
            requireInside(path);
            if (bytes < 0) {
                throw new IllegalArgumentException("a file has no negative length: " + path + " " + bytes);
            }
        }
    }

    public DirectoryManifest {
        if (files.size() > MAX_FILES) {
            throw new IllegalArgumentException(
                    "it has " + files.size() + " files, at most " + MAX_FILES + " are allowed");
        }
        files = files.stream().sorted(Comparator.comparing(Entry::path)).toList();
        Set<String> paths = new HashSet<>();
        for (Entry entry : files) {
            if (!paths.add(entry.path())) {
                throw new IllegalArgumentException("two files have the path " + entry.path());
            }
        }
        for (Entry entry : files) {
            for (int slash = entry.path().indexOf('/');
                    slash >= 0;
                    slash = entry.path().indexOf('/', slash + 1)) {
                if (paths.contains(entry.path().substring(0, slash))) {
                    throw new IllegalArgumentException(entry.path() + " lies below a file");
                }
            }
        }
    }

    /** Reads a stored directory's manifest from its JSON. */
    public static DirectoryManifest read(ArtifactStore store, Digest directory) {
        return parse(directory, store.readAll(directory));
    }

    /**
     * Parses a stored directory's manifest.
     *
     * @param directory its digest, for errors
     * @throws ArtifactException if it is not a manifest
     */
    public static DirectoryManifest parse(Digest directory, byte[] json) {
        try {
            return parse(json);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new ArtifactException("artifact " + directory + " is not a directory: " + e.getMessage(), e);
        }
    }

    /**
     * Describes a directory without storing it; the manifest equals the one of {@link ArtifactStore#putDirectory}.
     *
     * @throws ArtifactException if it holds links or devices, or a path that cannot be stored
     */
    public static DirectoryManifest of(Path directory) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    throw new ArtifactException(path + " is a link or a device; only regular files can be stored");
                }
                String name = directory
                        .relativize(path)
                        .toString()
                        .replace(path.getFileSystem().getSeparator(), "/");
                entries.add(new Entry(name, Digest.ofFile(path), Files.size(path)));
            }
            return new DirectoryManifest(entries);
        } catch (IllegalArgumentException e) {
            throw new ArtifactException("cannot describe the directory " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Digest of the manifest, which names the stored directory. */
    public Digest digest() {
        return Digest.of(toJson());
    }

    /** Total size of all files in bytes. */
    public long totalBytes() {
        return files.stream().mapToLong(Entry::bytes).sum();
    }

    byte[] toJson() {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode list = root.putArray("files");
        for (Entry entry : files) {
            list.addObject()
                    .put("path", entry.path())
                    .put("digest", entry.digest().value())
                    .put("bytes", entry.bytes());
        }
        return root.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static DirectoryManifest parse(byte[] json) throws JacksonException {
        JsonNode root = JSON.readTree(new String(json, StandardCharsets.UTF_8));
        JsonNode list = root.path("files");
        if (!root.isObject() || !list.isArray()) {
            throw new IllegalArgumentException("it has no list named files");
        }
        List<Entry> files = new ArrayList<>();
        for (JsonNode file : list) {
            JsonNode path = file.path("path");
            JsonNode digest = file.path("digest");
            JsonNode bytes = file.path("bytes");
            if (!path.isTextual() || !digest.isTextual() || !bytes.isIntegralNumber()) {
                throw new IllegalArgumentException("an entry needs path, digest and bytes: " + file);
            }
            files.add(new Entry(path.textValue(), Digest.parse(digest.textValue()), bytes.longValue()));
        }
        return new DirectoryManifest(files);
    }

    private static void requireInside(String path) {
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw new IllegalArgumentException("not a path inside a directory: '" + path + "'");
            }
        }
        if (path.chars().anyMatch(c -> c == '\\' || c == ':' || Character.isISOControl(c))) {
            throw new IllegalArgumentException("a path may hold no backslash, colon or control character: '"
                    + path.replaceAll("\\p{Cntrl}", "?") + "'");
        }
    }
}

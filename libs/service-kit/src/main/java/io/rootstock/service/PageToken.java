package io.rootstock.service;

import io.grpc.StatusRuntimeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Opaque page tokens: the key of the last element sent, bound to one query (parent, filter, order). A modified token,
 * or a token of another query, is rejected instead of returning a wrong page. Tokens are not secret and grant no
 * permissions.
 */
public final class PageToken {
    /** Elements of a page if a request's {@code page_size} is 0, as the contracts state it. */
    public static final int DEFAULT_PAGE_SIZE = 50;

    /** Largest {@code page_size}, as the contracts state it. */
    public static final int MAX_PAGE_SIZE = 1000;

    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 1 + Integer.BYTES;

    private PageToken() {}

    /**
     * Encodes the token of the next page.
     *
     * @param query the query, in any format that is equal for equal lists, for example {@code models/base versions}
     * @param cursor key of the last element of this page
     */
    public static String encode(String query, String cursor) {
        byte[] key = cursor.getBytes(StandardCharsets.UTF_8);
        ByteBuffer token = ByteBuffer.allocate(HEADER_BYTES + key.length)
                .put((byte) VERSION)
                .putInt(checksum(query, key))
                .put(key);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token.array());
    }

    /**
     * Returns the cursor of a request's {@code page_token}; empty for the first page.
     *
     * @throws StatusRuntimeException INVALID_ARGUMENT if {@link #encode} did not create it for this query
     */
    public static Optional<String> decode(String query, String token) {
        if (token.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(token));
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
        if (bytes.remaining() < HEADER_BYTES || bytes.get() != VERSION) {
            throw invalid();
        }
        int expected = bytes.getInt();
        byte[] key = new byte[bytes.remaining()];
        bytes.get(key);
        if (checksum(query, key) != expected) {
            throw invalid();
        }
        return Optional.of(new String(key, StandardCharsets.UTF_8));
    }

    /**
     * Returns the number of elements for a request's {@code page_size}: {@value #DEFAULT_PAGE_SIZE} if it is 0, and at most
     * {@value #MAX_PAGE_SIZE}.
     *
     * @throws StatusRuntimeException INVALID_ARGUMENT if negative
     */
    public static int size(int requested) {
        return size(requested, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
    }

    /**
     * Returns the number of elements for the {@code page_size} of a request with other limits.
     *
     * @param requested 0 means {@code standard}; more than {@code maximum} means {@code maximum}
     * @throws StatusRuntimeException INVALID_ARGUMENT if negative
     */
    public static int size(int requested, int standard, int maximum) {
        if (requested < 0) {
            throw Errors.invalidArgument("page_size", "must be at least 0, was " + requested);
        }
        return requested == 0 ? standard : Math.min(requested, maximum);
    }

    private static int checksum(String query, byte[] key) {
        CRC32C checksum = new CRC32C();
        checksum.update(query.getBytes(StandardCharsets.UTF_8));
        checksum.update(0);
        checksum.update(key);
        return (int) checksum.getValue();
    }

    private static StatusRuntimeException invalid() {
        return Errors.invalidArgument(
                "page_token", "must be the next_page_token of the page before, with the other fields unchanged");
    }
}

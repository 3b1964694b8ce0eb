package io.rootstock.artifacts.s3;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Address of a store: {@code s3://bucket/prefix?endpoint=https://...&region=eu-central-1}. Credentials are not part of it;
 * they come from the environment, as for AWS's own tools.
 *
 * @param prefix empty, or ends with {@code /}
 * @param endpoint server; empty: AWS
 * @param region empty: as configured in the environment, else {@code us-east-1} with an endpoint
 * @param encryption server-side encryption, {@code AES256} or {@code aws:kms}; empty: the bucket's default
 * @param key id of the key for {@code aws:kms}; empty: the account's default
 * @param partBytes size of the parts of large artifacts; larger where an artifact would have more than 10,000
 * @param cacheBytes limit of the local copies
 */
public record S3Location(
        String bucket,
        String prefix,
        Optional<URI> endpoint,
        Optional<String> region,
        Optional<String> encryption,
        Optional<String> key,
        long partBytes,
        long cacheBytes) {
    /** Scheme of the addresses. */
    public static final String SCHEME = "s3";

    private static final Set<String> PARAMETERS =
            Set.of("endpoint", "region", "encryption", "key", "part-mib", "cache-gib");
    private static final Set<String> ENCRYPTIONS = Set.of("AES256", "aws:kms");
    private static final long MEBIBYTE = 1L << 20;
    private static final long GIBIBYTE = 1L << 30;
    /** S3 rejects smaller parts. */
    private static final int MIN_PART_MIB = 5;

    private static final int MAX_PART_MIB = 5 * 1024;

    /** Parses an address; throws {@link IllegalArgumentException} with the reason if it is invalid. */
    public static S3Location parse(URI address) {
        return parse(address, PARAMETERS);
    }

    /**
     * Parses an address.
     *
     * @param known names of permitted parameters, some of {@code endpoint}, {@code region}, {@code encryption}, {@code key},
     *     {@code part-mib} and {@code cache-gib}
     * @throws IllegalArgumentException with the reason if it is invalid, without credentials that it may have
     */
    public static S3Location parse(URI address, Set<String> known) {
        if (!SCHEME.equals(address.getScheme()) || address.getAuthority() == null) {
            throw new IllegalArgumentException("an S3 store is s3://BUCKET/PREFIX, not '" + address + "'");
        }
        if (address.getAuthority().contains("@")) {
            throw new IllegalArgumentException(
                    "an S3 address contains no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
        }
        Map<String, String> parameters = parameters(address, known);
        Optional<URI> endpoint = Optional.ofNullable(parameters.get("endpoint")).map(URI::create);
        endpoint.ifPresent(server -> {
            if (server.getHost() == null || !Set.of("http", "https").contains(server.getScheme())) {
                throw new IllegalArgumentException("endpoint is not an HTTP address: '" + server + "'");
            }
            if (server.getRawUserInfo() != null) {
                throw new IllegalArgumentException(
                        "an endpoint contains no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
            }
        });
        Optional<String> encryption = Optional.ofNullable(parameters.get("encryption"));
        encryption.ifPresent(algorithm -> {
            if (!ENCRYPTIONS.contains(algorithm)) {
                throw new IllegalArgumentException("encryption is AES256 or aws:kms, not '" + algorithm + "'");
            }
        });
        String path = address.getPath() == null ? "" : address.getPath().replaceAll("^/+|/+$", "");
        return new S3Location(
                address.getAuthority(),
                path.isEmpty() ? "" : path + "/",
                endpoint,
                Optional.ofNullable(parameters.get("region")),
                encryption,
                Optional.ofNullable(parameters.get("key")),
                number(parameters, "part-mib", 16, MIN_PART_MIB, MAX_PART_MIB) * MEBIBYTE,
                number(parameters, "cache-gib", 100, 1, 1 << 20) * GIBIBYTE);
    }

    @Override
    public String toString() {
        return "s3://" + bucket + "/" + prefix
                + endpoint.map(server -> " at " + server).orElse("");
    }

    private static Map<String, String> parameters(URI address, Set<String> known) {
        Map<String, String> parameters = new HashMap<>();
        if (address.getRawQuery() == null) {
            return parameters;
        }
        for (String pair : address.getRawQuery().split("&", -1)) {
            String name = pair.replaceAll("=.*", "");
            if (!known.contains(name) || !pair.contains("=")) {
                throw new IllegalArgumentException("an S3 address has no parameter '" + name + "'; known are "
                        + String.join(", ", known.stream().sorted().toList()));
            }
            parameters.put(name, URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8));
        }
        return parameters;
    }

    private static long number(Map<String, String> parameters, String name, int otherwise, int least, int most) {
        String text = parameters.getOrDefault(name, Integer.toString(otherwise));
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Rejected below.
        }
        throw new IllegalArgumentException(
                name + " is a number from " + least + " to " + most + ", not '" + text + "'");
    }
}

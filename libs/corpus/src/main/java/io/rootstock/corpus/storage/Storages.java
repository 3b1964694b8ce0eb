package io.rootstock.corpus.storage;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The storages of this process. */
public final class Storages {
    private static final String SEPARATOR = "://";

    private static final List<StorageProvider> PROVIDERS =
            ServiceLoader.load(StorageProvider.class, StorageProvider.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();

    private Storages() {}

    /** Whether a text is an address with a scheme, not a path. */
    public static boolean isAddress(String text) {
        int end = text.indexOf(SEPARATOR);
        return end > 0 && text.substring(0, end).chars().allMatch(Storages::isSchemeCharacter);
    }

    private static boolean isSchemeCharacter(int character) {
        return Character.isLetterOrDigit(character) || character == '+' || character == '-' || character == '.';
    }

    /**
     * Returns a root; sends no request.
     *
     * @throws IllegalArgumentException with reason and remedy if it is malformed, or its scheme is unknown
     */
    public static StorageRoot root(String address) {
        return provider(address).root(address);
    }

    /**
     * Returns the provider of an address.
     *
     * @throws IllegalArgumentException naming the known schemes, if its scheme is unknown
     */
    public static StorageProvider provider(String address) {
        String scheme = address.substring(0, address.indexOf(SEPARATOR));
        return PROVIDERS.stream()
                .filter(provider -> provider.scheme().equals(scheme))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "addresses of " + scheme + SEPARATOR + " cannot be read; use a path"
                                + PROVIDERS.stream()
                                        .map(provider -> ", or an address of " + provider.scheme() + SEPARATOR)
                                        .sorted()
                                        .collect(Collectors.joining())));
    }
}

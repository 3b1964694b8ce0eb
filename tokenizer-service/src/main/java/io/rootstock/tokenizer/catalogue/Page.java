package io.rootstock.tokenizer.catalogue;

import com.google.protobuf.Message;
import io.rootstock.service.PageToken;
import java.util.List;
import java.util.Optional;

/**
 * One page of a list of resources.
 *
 * @param resources resources in id order
 * @param nextPageToken token of the next page; empty on the last page
 */
public record Page<M>(List<M> resources, String nextPageToken) {
    private static final int STANDARD_SIZE = 50;
    private static final int MAXIMUM_SIZE = 1000;

    public Page {
        resources = List.copyOf(resources);
    }

    /**
     * Returns the page of a list request.
     *
     * @param collection listed collection, such as {@code tokenizers}
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for an invalid size or token
     */
    public static <M extends Message> Page<M> of(
            Catalogue<M> catalogue, String collection, int requestedSize, String token) {
        int size = PageToken.size(requestedSize, STANDARD_SIZE, MAXIMUM_SIZE);
        String after = PageToken.decode(collection, token).orElse("");
        List<String> ids = catalogue.ids().stream()
                .filter(id -> id.compareTo(after) > 0)
                .limit(size + 1L)
                .toList();
        boolean more = ids.size() > size;
        List<String> shown = more ? ids.subList(0, size) : ids;
        List<M> resources = shown.stream()
                .map(catalogue::find)
                .flatMap(Optional::stream)
                .map(Catalogue.Entry::resource)
                .toList();
        return new Page<>(resources, more ? PageToken.encode(collection, shown.getLast()) : "");
    }
}

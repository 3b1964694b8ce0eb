package io.rootstock.service.request;

import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.InputStream;

/**
 * Decodes requests without exceptions: gRPC reports an exception of a marshaller as UNKNOWN and logs its stack trace.
 *
 * @param marshaller decoder of the contract
 */
record DecodingMarshaller<Q>(Marshaller<Q> marshaller) implements Marshaller<Decoded<Q>> {
    @Override
    public InputStream stream(Decoded<Q> request) {
        throw new UnsupportedOperationException("a server only reads requests");
    }

    @Override
    public Decoded<Q> parse(InputStream bytes) {
        try {
            return new Decoded.Message<>(marshaller.parse(bytes));
        } catch (RuntimeException e) {
            return new Decoded.Malformed<>(Status.fromThrowable(e));
        }
    }
}

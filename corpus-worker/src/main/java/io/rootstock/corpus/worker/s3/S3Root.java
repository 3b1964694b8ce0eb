package io.rootstock.corpus.worker.s3;

import io.rootstock.corpus.storage.StorageException;
import io.rootstock.corpus.storage.StorageRoot;
import io.rootstock.corpus.storage.StoredFile;
import io.rootstock.corpus.storage.StoredObject;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The keys of a bucket with one prefix.
 *
 * @param address address with its parameters
 * @param bucket name of the bucket
 * @param keyPrefix beginning of the keys: empty, or with a slash at its end
 * @param client client of the server
 */
record S3Root(String address, String bucket, String keyPrefix, Supplier<S3Client> client) implements StorageRoot {
    private static final int NOT_FOUND = 404;

    @Override
    public String prefix() {
        return container() + keyPrefix;
    }

    private String container() {
        return "s3://" + bucket + "/";
    }

    @Override
    public void list(String beginning, boolean flat, int most, Consumer<StoredObject> each) throws StorageException {
        ListObjectsV2Request.Builder request = ListObjectsV2Request.builder()
                .bucket(bucket)
                .prefix(key(beginning))
                .delimiter(flat ? "/" : null);
        int listed = 0;
        try {
            while (true) {
                ListObjectsV2Response page = client.get().listObjectsV2(request.build());
                for (S3Object object : page.contents()) {
                    listed++;
                    if (listed > most) {
                        throw new StorageException(
                                beginning,
                                "more than " + most + " objects begin so; write more of the key before the first"
                                        + " wildcard, or divide the source",
                                null);
                    }
                    each.accept(new StoredObject(container() + object.key(), object.size(), etag(object.eTag())));
                }
                if (!Boolean.TRUE.equals(page.isTruncated())) {
                    return;
                }
                request.continuationToken(page.nextContinuationToken());
            }
        } catch (SdkException e) {
            throw S3Failure.of(beginning, e);
        }
    }

    @Override
    public Optional<StoredObject> find(String object) throws StorageException {
        try {
            HeadObjectResponse head =
                    client.get().headObject(request -> request.bucket(bucket).key(key(object)));
            return Optional.of(new StoredObject(object, head.contentLength(), etag(head.eTag())));
        } catch (AwsServiceException e) {
            if (e.statusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw S3Failure.of(object, e);
        } catch (SdkException e) {
            throw S3Failure.of(object, e);
        }
    }

    @Override
    public StoredFile open(StoredObject object) {
        return new S3File(client, bucket, key(object.address()), object);
    }

    private String key(String text) {
        return text.substring(container().length());
    }

    /** ETags of listings and of requests, of which some servers quote only one kind. */
    static String etag(String quoted) {
        return quoted.replace("\"", "");
    }
}

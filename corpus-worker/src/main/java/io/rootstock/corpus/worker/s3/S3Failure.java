package io.rootstock.corpus.worker.s3;

import io.rootstock.corpus.storage.StorageException;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Failures of requests as reasons with remedies. Messages of the SDK contain no secret keys. */
final class S3Failure {
    static final int PRECONDITION_FAILED = 412;

    private static final int NOT_FOUND = 404;
    private static final Set<Integer> MOVED = Set.of(301, 307);
    private static final Set<Integer> DENIED = Set.of(401, 403);

    private S3Failure() {}

    static StorageException of(String address, SdkException e) {
        return new StorageException(address, reason(e), e);
    }

    static StorageException changed(String address, Throwable cause) {
        return new StorageException(address, "changed after it was planned; plan the job again", cause);
    }

    private static String reason(SdkException e) {
        if (!(e instanceof AwsServiceException answer)) {
            String message = String.valueOf(e.getMessage());
            return message.contains("Unable to load credentials")
                    ? "the process has no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment of"
                            + " the service, and of Spark's executors"
                    : "cannot be read (" + message + "); check endpoint, region and network";
        }
        String code = code(answer);
        int status = answer.statusCode();
        if (status == NOT_FOUND) {
            return code.startsWith("NoSuchBucket")
                    ? "the bucket does not exist; correct its name, or the endpoint of the allowed address"
                    : "was deleted after it was planned; plan the job again";
        }
        if (status == PRECONDITION_FAILED) {
            return "changed after it was planned; plan the job again";
        }
        if (DENIED.contains(status)) {
            return "access is denied (" + code + "); check the credentials in the environment, AWS_ACCESS_KEY_ID and"
                    + " AWS_SECRET_ACCESS_KEY, and their permissions s3:ListBucket and s3:GetObject";
        }
        if (MOVED.contains(status)) {
            return "the bucket is in another region (" + code + "); add region=NAME to the allowed address";
        }
        return "the server answers " + code + " with status " + status + "; resume the job later";
    }

    private static String code(AwsServiceException e) {
        if (e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null) {
            return "status " + e.statusCode();
        }
        return e.awsErrorDetails().errorCode() + ": " + e.awsErrorDetails().errorMessage();
    }
}

package io.rootstock.registry.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.AddUploadPartRequest;
import io.rootstock.registry.v1.AddUploadPartResponse;
import io.rootstock.registry.v1.CancelUploadRequest;
import io.rootstock.registry.v1.CompleteUploadRequest;
import io.rootstock.registry.v1.CreateUploadRequest;
import io.rootstock.registry.v1.DeleteFileRequest;
import io.rootstock.registry.v1.File;
import io.rootstock.registry.v1.FileHeader;
import io.rootstock.registry.v1.FilePurpose;
import io.rootstock.registry.v1.GetFileRequest;
import io.rootstock.registry.v1.ListFilesRequest;
import io.rootstock.registry.v1.ListFilesResponse;
import io.rootstock.registry.v1.ReadFileRequest;
import io.rootstock.registry.v1.ReadFileResponse;
import io.rootstock.registry.v1.Upload;
import io.rootstock.registry.v1.UploadFileRequest;
import io.rootstock.registry.v1.UploadFileResponse;
import io.rootstock.registry.v1.UploadPart;
import io.rootstock.registry.v1.UploadPartHeader;
import io.rootstock.registry.v1.UploadState;
import io.rootstock.storage.v1.PruneRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileServiceTest {
    @TempDir
    private Path scratch;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch, new FileLimits(3, 1000, 1000, Duration.ofHours(1)));
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void aFileSurvivesARestartUntilItIsDeleted() throws Exception {
        File file = upload(header("rows.jsonl", 5), "12345");
        assertThat(file.getName()).startsWith("files/file-");
        assertThat(file.getBytes()).isEqualTo(5);
        registry.restart();
        assertThat(get(file.getName())).isEqualTo(file);
        assertThat(read(file.getName())).isEqualTo("12345");
        registry.files()
                .deleteFile(
                        DeleteFileRequest.newBuilder().setName(file.getName()).build());
        refused(() -> get(file.getName()), Status.Code.NOT_FOUND, file.getName());
        refused(
                () -> registry.files()
                        .deleteFile(DeleteFileRequest.newBuilder()
                                .setName(file.getName())
                                .build()),
                Status.Code.NOT_FOUND,
                "");
    }

    @Test
    void aRepeatedRequestGivesTheSameFile() throws Exception {
        FileHeader header = header("a.jsonl", 1).toBuilder().setRequestId("1").build();
        assertThat(upload(header, "a")).isEqualTo(upload(header, "a"));
        refused(() -> upload(header, "b"), Status.Code.ALREADY_EXISTS, "request id '1'");
        assertThat(list(ListFilesRequest.newBuilder()).getFilesList()).hasSize(1);
    }

    @Test
    void filesAreListedInPages() throws Exception {
        File first = upload(header("a.jsonl", 1), "a");
        File second = upload(header("b.jsonl", 1), "b");
        ListFilesResponse page = list(ListFilesRequest.newBuilder().setPageSize(1));
        assertThat(page.getFilesList()).containsExactly(second);
        assertThat(page.getHasMore()).isTrue();
        page = list(ListFilesRequest.newBuilder().setPageSize(1).setAfter(second.getName()));
        assertThat(page.getFilesList()).containsExactly(first);
        assertThat(page.getHasMore()).isFalse();
        assertThat(list(ListFilesRequest.newBuilder().setOldestFirst(true)).getFilesList())
                .containsExactly(first, second);
        assertThat(list(ListFilesRequest.newBuilder().setPurpose(FilePurpose.FILE_PURPOSE_FINE_TUNE_RESULTS))
                        .getFilesList())
                .isEmpty();
        refused(
                () -> list(ListFilesRequest.newBuilder().setAfter("files/file-x")),
                Status.Code.NOT_FOUND,
                "files/file-x");
    }

    @Test
    void invalidFilesAreRefusedByField() {
        refused(
                () -> upload(header("rows.csv", 1), "a"),
                Status.Code.INVALID_ARGUMENT,
                "header.file_name: must end with .jsonl");
        refused(() -> upload(header("a/b.jsonl", 1), "a"), Status.Code.INVALID_ARGUMENT, "without folders");
        refused(() -> upload(header("a.jsonl", 0), ""), Status.Code.INVALID_ARGUMENT, "header.bytes: must be at least");
        refused(() -> upload(header("a.jsonl", 2), "a"), Status.Code.INVALID_ARGUMENT, "is 2, the content has 1 bytes");
        refused(() -> upload(header("a.jsonl", 1), "ab"), Status.Code.INVALID_ARGUMENT, "longer than the 1 bytes");
        refused(
                () -> upload(
                        header("a.jsonl", 1).toBuilder()
                                .setPurpose(FilePurpose.FILE_PURPOSE_FINE_TUNE_RESULTS)
                                .build(),
                        "a"),
                Status.Code.INVALID_ARGUMENT,
                "header.purpose: must be fine-tune");
    }

    @Test
    void numberAndSizeOfFilesAreBounded() throws Exception {
        Upload pending = create(header("a.jsonl", 900));
        refused(
                () -> upload(header("b.jsonl", 101), "b".repeat(101)),
                Status.Code.FAILED_PRECONDITION,
                "900 of 1000 bytes are in use (rootstock.registry.file-space)");
        upload(header("b.jsonl", 50), "b".repeat(50));
        upload(header("c.jsonl", 1), "c");
        refused(
                () -> upload(header("d.jsonl", 1), "d"),
                Status.Code.FAILED_PRECONDITION,
                "has 3 files, the limit is 3 (rootstock.registry.files)");
        cancel(pending);
        upload(header("d.jsonl", 900), "d".repeat(900));
    }

    @Test
    void partsBecomeAFileInTheirOrder() throws Exception {
        Upload upload = create(header("rows.jsonl", 6));
        assertThat(upload.getState()).isEqualTo(UploadState.UPLOAD_STATE_PENDING);
        UploadPart last = part(upload, "cd12", "p2");
        registry.restart();
        UploadPart first = part(upload, "ab", "p1");
        assertThat(part(upload, "ab", "p1")).as("repeated request").isEqualTo(first);
        UploadPart lost = part(upload, "ab", "p3");
        assertThat(lost.getName()).as("a part whose response was lost").isNotEqualTo(first.getName());
        refused(() -> part(upload, "x", "p4"), Status.Code.INVALID_ARGUMENT, "the parts would have 7 bytes");
        refused(
                () -> complete(upload, "", first),
                Status.Code.INVALID_ARGUMENT,
                "parts: the parts have 2 bytes, the file has 6");
        refused(() -> complete(upload, "0".repeat(32), first, last), Status.Code.INVALID_ARGUMENT, "md5: ");
        Upload complete = complete(upload, "", first, last);
        assertThat(complete.getState()).isEqualTo(UploadState.UPLOAD_STATE_COMPLETED);
        assertThat(read(complete.getFile().getName())).isEqualTo("abcd12");
        assertThat(complete(upload, "", first, last)).isEqualTo(complete);
        refused(() -> part(upload, "x", "p5"), Status.Code.FAILED_PRECONDITION, "is COMPLETED");
        refused(() -> cancel(upload), Status.Code.FAILED_PRECONDITION, "is COMPLETED");
    }

    @Test
    void aCancelledUploadTakesNoParts() throws Exception {
        Upload upload = create(header("rows.jsonl", 6));
        UploadPart part = part(upload, "ab", "p1");
        assertThat(cancel(upload).getState()).isEqualTo(UploadState.UPLOAD_STATE_CANCELLED);
        assertThat(cancel(upload).getState()).isEqualTo(UploadState.UPLOAD_STATE_CANCELLED);
        refused(() -> complete(upload, "", part), Status.Code.FAILED_PRECONDITION, "is CANCELLED");
        refused(
                () -> part(Upload.newBuilder().setName("uploads/upload-x").build(), "x", ""),
                Status.Code.NOT_FOUND,
                "uploads/upload-x");
    }

    @Test
    void anUploadExpires() throws Exception {
        registry.close();
        registry = new RegistryHarness(scratch, new FileLimits(1, 1000, 1000, Duration.ZERO));
        Upload upload = create(header("rows.jsonl", 6));
        refused(() -> part(upload, "x", ""), Status.Code.FAILED_PRECONDITION, "is EXPIRED");
        create(header("rows.jsonl", 6));
    }

    @Test
    void pruneKeepsFilesAndPartsOfPendingUploads() throws Exception {
        File file = upload(header("a.jsonl", 1), "a");
        Upload upload = create(header("b.jsonl", 2));
        part(upload, "b", "1");
        Upload cancelled = create(header("c.jsonl", 1));
        part(cancelled, "c", "2");
        cancel(cancelled);
        assertThat(registry.storage()
                        .prune(PruneRequest.newBuilder().build())
                        .getGroups(0)
                        .getKeptItems())
                .as("content of the cancelled upload only")
                .isEqualTo(1);
        assertThat(read(file.getName())).isEqualTo("a");
    }

    private static FileHeader header(String name, long bytes) {
        return FileHeader.newBuilder()
                .setFileName(name)
                .setPurpose(FilePurpose.FILE_PURPOSE_FINE_TUNE)
                .setBytes(bytes)
                .build();
    }

    private File upload(FileHeader header, String content) throws Exception {
        BlockingClientCall<UploadFileRequest, UploadFileResponse> call =
                registry.files().uploadFile();
        call.write(UploadFileRequest.newBuilder().setHeader(header).build());
        call.write(UploadFileRequest.newBuilder()
                .setChunk(ByteString.copyFromUtf8(content))
                .build());
        call.halfClose();
        return call.read().getFile();
    }

    private File get(String name) throws StatusException {
        return registry.files()
                .getFile(GetFileRequest.newBuilder().setName(name).build())
                .getFile();
    }

    private String read(String name) throws Exception {
        BlockingClientCall<?, ReadFileResponse> call = registry.files()
                .readFile(ReadFileRequest.newBuilder().setName(name).build());
        StringBuilder text = new StringBuilder();
        for (ReadFileResponse next = call.read(); next != null; next = call.read()) {
            text.append(next.getChunk().toStringUtf8());
        }
        return text.toString();
    }

    private ListFilesResponse list(ListFilesRequest.Builder request) throws StatusException {
        return registry.files().listFiles(request.build());
    }

    private Upload create(FileHeader header) throws StatusException {
        return registry.files()
                .createUpload(CreateUploadRequest.newBuilder().setHeader(header).build())
                .getUpload();
    }

    private UploadPart part(Upload upload, String content, String requestId) throws Exception {
        BlockingClientCall<AddUploadPartRequest, AddUploadPartResponse> call =
                registry.files().addUploadPart();
        call.write(AddUploadPartRequest.newBuilder()
                .setHeader(UploadPartHeader.newBuilder()
                        .setUpload(upload.getName())
                        .setRequestId(requestId))
                .build());
        call.write(AddUploadPartRequest.newBuilder()
                .setChunk(ByteString.copyFromUtf8(content))
                .build());
        call.halfClose();
        return call.read().getPart();
    }

    private Upload complete(Upload upload, String md5, UploadPart... parts) throws StatusException {
        return registry.files()
                .completeUpload(CompleteUploadRequest.newBuilder()
                        .setName(upload.getName())
                        .addAllParts(
                                List.of(parts).stream().map(UploadPart::getName).toList())
                        .setMd5(md5)
                        .build())
                .getUpload();
    }

    private Upload cancel(Upload upload) throws StatusException {
        return registry.files()
                .cancelUpload(CancelUploadRequest.newBuilder()
                        .setName(upload.getName())
                        .build())
                .getUpload();
    }

    private static void refused(ThrowingCallable call, Status.Code code, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
                .hasMessageContaining(message);
    }
}

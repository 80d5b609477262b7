package dev.luna.batch.transfer;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * One CSV file of an import, plain or compressed.
 *
 * @param dataset what its rows are
 * @param path the file
 * @param bytes its size as it lies on disk
 */
record CsvSource(Dataset dataset, Path path, long bytes) {

    private static final String PLAIN = ".csv";
    private static final String COMPRESSED = ".csv.gz";
    private static final int BUFFER_BYTES = 1 << 16;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /** A row longer than this is a forgotten quotation mark. */
    private static final int LONGEST_ROW_CHARS = 1 << 20;

    /** Finds the file of a dataset; empty when there is none, refused when there are two or something else. */
    static Optional<CsvSource> find(Path directory, Dataset dataset) throws IOException {
        Path plain = directory.resolve(dataset.fileStem() + PLAIN);
        Path compressed = directory.resolve(dataset.fileStem() + COMPRESSED);
        NoFile.at(plain).or(() -> NoFile.at(compressed)).ifPresent(what -> {
            throw TransferRefusedException.because(what + "; put the file there, or nothing");
        });
        boolean isPlain = Files.isRegularFile(plain);
        boolean isCompressed = Files.isRegularFile(compressed);
        if (isPlain && isCompressed) {
            throw TransferRefusedException.because(directory + " has both " + plain.getFileName() + " and "
                    + compressed.getFileName() + "; remove the one that is not meant");
        }
        Path path = isPlain ? plain : compressed;
        return isPlain || isCompressed ? Optional.of(new CsvSource(dataset, path, Files.size(path))) : Optional.empty();
    }

    String fileName() {
        return String.valueOf(path.getFileName());
    }

    /**
     * Opens the file. Bytes that are not UTF-8 are decoded so that they are found in their row and column: see
     * {@link NotUtf8}.
     *
     * @param read is told the number of bytes taken from the disk so far
     */
    CsvReader<CsvRecord> open(LongConsumer read) throws IOException {
        CountingStream bytes = new CountingStream(Files.newInputStream(path), read);
        try {
            InputStream content = fileName().endsWith(COMPRESSED)
                    ? new WholeGzipStream(bytes, BUFFER_BYTES)
                    : new BufferedInputStream(bytes, BUFFER_BYTES);
            Reader text = new InputStreamReader(
                    withoutByteOrderMark(content),
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPLACE)
                            .replaceWith(String.valueOf(NotUtf8.MARK)));
            return CsvReader.builder()
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .allowUnclosedQuote(false)
                    .maxBufferSize(LONGEST_ROW_CHARS)
                    .ofCsvRecord(text);
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }

    /** Before the CSV is parsed: behind a mark a quotation mark would not begin a field. */
    private static InputStream withoutByteOrderMark(InputStream content) throws IOException {
        PushbackInputStream text = new PushbackInputStream(content, BYTE_ORDER_MARK.length);
        byte[] start = text.readNBytes(BYTE_ORDER_MARK.length);
        if (!Arrays.equals(start, BYTE_ORDER_MARK)) {
            text.unread(start);
        }
        return text;
    }
}

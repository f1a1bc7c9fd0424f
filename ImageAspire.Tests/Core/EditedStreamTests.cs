using ImageAspire.Core.Images;

namespace ImageAspire.Tests.Core;

public sealed class EditedStreamTests
{
    private static readonly byte[] File = [.. Enumerable.Range(0, 200).Select(i => (byte)(i + 1))];

    private static readonly MetadataEdit[] Edits =
    [
        new(0, 2, 2, [100, 101]), new(10, 20), new(40, 5, 5), new(50, 0, 3, [1, 2, 3]), new(60, 10, 10, [9, 9]), new(70, 1), new(190, 10),
    ];

    private static readonly byte[] Expected =
    [
        100, 101, .. File[2..10], .. File[30..40], 0, 0, 0, 0, 0, .. File[45..50], 1, 2, 3, .. File[50..60], 9, 9, 0, 0, 0, 0, 0, 0, 0, 0, .. File[71..190],
    ];

    [Fact]
    public async Task Read_FromEveryPosition_IsThatPartOfTheCopy()
    {
        await using var copy = new EditedStream(new MemoryStream(File), Edits);
        copy.Length.ShouldBe(Expected.Length);
        for (var at = 0; at <= Expected.Length; at++)
        {
            foreach (var length in (int[])[1, 7, 500])
            {
                var want = Expected[at..Math.Min(at + length, Expected.Length)];
                var buffer = new byte[length];
                copy.Position = at;
                buffer[..copy.ReadAtLeast(buffer, length, throwOnEndOfStream: false)].ShouldBe(want);
                copy.Seek(at - copy.Length, SeekOrigin.End);
                buffer[..await copy.ReadAtLeastAsync(buffer, length, throwOnEndOfStream: false)].ShouldBe(want);
            }
        }
    }

    [Fact]
    public void Read_NoEdits_IsTheFile()
    {
        using var copy = new EditedStream(new MemoryStream(File), []);
        var bytes = new byte[200];
        copy.ReadExactly(bytes);
        (bytes.SequenceEqual(File), copy.Read(bytes)).ShouldBe((true, 0));
    }

    public static TheoryData<MetadataEdit[]> Invalid() => new()
    {
        new MetadataEdit[] { new(10, 10), new(5, 2) },
        new MetadataEdit[] { new(10, 10), new(19, 2) },
        new MetadataEdit[] { new(-1, 10) },
        new MetadataEdit[] { new(10, -1) },
        new MetadataEdit[] { new(10, 5, -1) },
        new MetadataEdit[] { new(190, 11) },
        new MetadataEdit[] { new(201, 0) },
        new MetadataEdit[] { new(long.MaxValue, long.MaxValue) },
        new MetadataEdit[] { new(10, long.MaxValue) },
        new MetadataEdit[] { new(10, 5, 6) }, // grows by zeros
        new MetadataEdit[] { new(10, 5, long.MaxValue) },
        new MetadataEdit[] { new(10, 5, 1, [1, 2]) },
        new MetadataEdit[] { new(10, 100, 100, new byte[MetadataEdits.MaxGiven + 1]) },
        new MetadataEdit[] { null! },
        Enumerable.Repeat(new MetadataEdit(10, 0), MetadataEdits.MaxCount + 1).ToArray(),
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Edits_ThatCannotBe_AreRefused(MetadataEdit[] edits)
    {
        MetadataEdits.AreValid(edits, File.Length).ShouldBeFalse();
        Should.Throw<InvalidDataException>(() => new EditedStream(new MemoryStream(File), edits));
    }

    [Fact]
    public void Digest_ChangesWithTheEdits() =>
        new MetadataEdit[][] { Edits, [], Edits[1..], [new(10, 20, 20)], [new(10, 20, 20, [1])] }.Select(MetadataEdits.Digest).Distinct().Count().ShouldBe(5);
}

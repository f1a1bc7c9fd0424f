using System.Diagnostics;
using System.Globalization;
using ImageAspire.Imaging;
using ImageAspire.Imaging.Isolation;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Hostile;

/// <summary>When decoders start and end, and what they may do.</summary>
[Trait("Category", "Slow")]
public sealed class DecoderLifecycleTests
{
    private static readonly byte[] Image = TestImages.Png(32, 24);

    [Fact]
    public void Pool_NoImageYet_HasNoProcess()
    {
        using var decoders = new Decoders(TestProgram.Decoder);

        decoders.Pool.Idle.ShouldBeEmpty();
        decoders.Decoder.CanDecode.ShouldBeTrue();
    }

    [Fact]
    public async Task Pool_ImagesOneAfterTheOther_UseOneDecoder()
    {
        using var decoders = new Decoders(TestProgram.Decoder);
        await decoders.InspectAsync(Image);
        var first = decoders.OnlyIdle;

        for (var i = 0; i < 20; i++)
            await decoders.InspectAsync(Image);

        decoders.OnlyIdle.ShouldBe(first);
    }

    [Theory]
    [InlineData(2, 192L << 20)] // two images
    [InlineData(2000, 1)] // has always grown
    public async Task Pool_DecoderIsWornOrHasGrown_IsReplaced(int answers, long resting)
    {
        using var decoders = new Decoders(TestProgram.Decoder, new ImagingOptions { Decoders = 1, DecoderAnswers = answers, DecoderRestingBytes = resting });

        await decoders.InspectAsync(Image);
        await decoders.InspectAsync(Image);

        decoders.Pool.Idle.ShouldBeEmpty();
        (await decoders.InspectAsync(Image)).Decoded.ShouldNotBeNull();
    }

    [Fact]
    public async Task Pool_IdleForLong_EndsItsDecoders()
    {
        var time = new FakeTimeProvider();
        using var decoders = new Decoders(TestProgram.Decoder, time: time);
        await decoders.InspectAsync(Image);
        var process = decoders.OnlyIdle;

        time.Advance(TimeSpan.FromSeconds(61));

        decoders.Pool.Idle.ShouldBeEmpty();
        await Eventually.TrueAsync(() => !Processes.IsAlive(process));
    }

    [Fact]
    public async Task Pool_Disposed_LeavesNoProcess()
    {
        int process;
        using (var decoders = new Decoders(TestProgram.Decoder))
        {
            await decoders.InspectAsync(Image);
            process = decoders.OnlyIdle;
        }

        await Eventually.TrueAsync(() => !Processes.IsAlive(process));
    }

    [Fact]
    public async Task Decoder_SignalToTheGroup_GoesOnUntilItsWorkerIsDone()
    {
        using var decoders = new Decoders(TestProgram.Decoder);
        await decoders.InspectAsync(Image);
        var process = decoders.OnlyIdle;

        Processes.Signal(process, 15);
        Processes.Signal(process, 2);
        Processes.Signal(process, 1);

        for (var i = 0; i < 5; i++)
            await decoders.InspectAsync(Image);
        decoders.OnlyIdle.ShouldBe(process);
    }

    [Fact]
    public async Task ErrorTail_ProcessSaysMuchAndEnds_KeepsTheEndAndClosesTheStream()
    {
        var errors = new MemoryStream([.. new byte[100_000], .. "the end"u8]);

        var tail = new StandardErrorTail(errors);

        await Eventually.TrueAsync(() => !errors.CanRead); // or each decoder that ends leaves a file handle behind
        var text = await tail.TextAsync();
        text.ShouldEndWith("the end");
        text.Length.ShouldBeLessThanOrEqualTo(2000);
    }

    [Fact]
    public async Task Decoder_InputEndsInMidDecode_Ends()
    {
        // What is left of a Worker that was killed: the other end of the pipe is closed, while native code hangs.
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in TestProgram.Misbehaving("hang").Arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (input, output) = (process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
        Frames.Write(input, FrameKind.Hello, """{"library":"none","maxPixels":1000,"maxSide":1000,"quality":80,"memoryBytes":1073741824}"""u8);
        Frames.Read(output).Kind.ShouldBe(FrameKind.Hello);
        Frames.Write(input, FrameKind.Inspect, """{"format":"png","bytes":1000,"now":"2026-01-01T00:00:00Z"}"""u8);
        Frames.Read(output).Kind.ShouldBe(FrameKind.Read);
        var image = new byte[1000];
        image[19] = MisbehavingDecoder.Width;
        await input.WriteAsync(image);
        await input.FlushAsync();

        process.StandardInput.Close();

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
        process.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Decoder_Environment_HasNothingOfTheWorkers()
    {
        Environment.SetEnvironmentVariable("IMAGEASPIRE_TEST_SECRET", "for no decoder");
        using var decoders = new Decoders(TestProgram.Decoder);
        await decoders.InspectAsync(Image);

        var names = (await File.ReadAllTextAsync($"/proc/{decoders.OnlyIdle}/environ")).Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('=')[0]);

        names.ShouldAllBe(name => name.StartsWith("DOTNET_", StringComparison.Ordinal) || name == "MALLOC_ARENA_MAX" || name == "VIPS_WARNING" || name == "PATH" || name.EndsWith("LD_LIBRARY_PATH", StringComparison.Ordinal));
        new FileInfo($"/proc/{decoders.OnlyIdle}/cwd").LinkTarget!.ShouldEndWith(" (deleted)"); // empty, and nothing can be created in it
    }

    [Fact]
    public async Task Decoder_Limits_AreSetAndItGoesFirstWhenMemoryIsShort()
    {
        using var decoders = new Decoders(TestProgram.Decoder, new ImagingOptions { DecoderMemoryBytes = 1L << 30 });
        await decoders.InspectAsync(Image);
        var folder = $"/proc/{decoders.OnlyIdle}";

        var limits = (await File.ReadAllLinesAsync($"{folder}/limits")).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToList();

        limits.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"Max file size 0 {1L << 30} bytes")); // the hard limit: for files in memory
        limits.ShouldContain("Max core file size 0 0 bytes");
        limits.ShouldContain("Max open files 128 128 files");
        limits.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"Max data size {5L << 28} {5L << 28} bytes"));
        (await File.ReadAllTextAsync($"{folder}/oom_score_adj")).Trim().ShouldBe("1000");
        (await File.ReadAllLinesAsync($"{folder}/status")).ShouldContain(line => line.StartsWith("NoNewPrivs:", StringComparison.Ordinal) && line.EndsWith('1'));
    }
}

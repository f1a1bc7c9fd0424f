using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ImageAspire.Imaging;
using ImageAspire.Imaging.Isolation;
using ImageAspire.Imaging.Isolation.Sandbox;
using ImageAspire.Tests.Requirements;
using Microsoft.Extensions.Logging.Testing;

namespace ImageAspire.Tests.Hostile;

/// <summary>A program that wants to get out, in place of a decoder: it must reach nothing.</summary>
[Trait("Category", "Slow")]
public sealed class SandboxTests
{
    private static readonly byte[] Image = TestImages.Png(32, 24);

    [Fact]
    public void Escape_FromDecoder_ReachesNothing()
    {
        Requires.Sandbox();
        using var targets = new EscapeTargets();

        AttemptsInSandbox(TestProgram.Escaping(targets)).ShouldBeEmpty();

        targets.IsIntact.ShouldBeTrue();
    }

    [Fact]
    public void Escape_FromDecoderThatStaysRoot_ReachesNothing()
    {
        Requires.Sandbox();
        Requires.Root();
        using var targets = new EscapeTargets();
        using var folder = new TempFolder();

        AttemptsInSandbox(WithFolderForRootAlone(TestProgram.Escaping(targets), folder)).ShouldBeEmpty();

        targets.IsIntact.ShouldBeTrue();
    }

    [Fact]
    public void Escape_KernelWithoutLandlock_OnlyReads()
    {
        Requires.Sandbox();
        using var targets = new EscapeTargets();
        var command = TestProgram.Escaping(targets);

        Attempts(command with { Arguments = [.. command.Arguments, DecoderSandbox.Entered] }).Except(EscapeAttempts.Reading).ShouldBeEmpty();

        targets.IsIntact.ShouldBeTrue();
    }

    [Fact]
    public void Escape_FromOrdinaryChild_ReachesEverything()
    {
        Requires.Linux();
        using var targets = new EscapeTargets();
        var command = TestProgram.Escaping(targets);
        using var process = Process.Start(new ProcessStartInfo(command.Program, command.Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

        var reached = Attempts(process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
        process.StandardInput.Close();

        // The same attempts, so that the tests above can fail.
        EscapeAttempts.All.Keys.Except(EscapeAttempts.Privileged).Except(reached).ShouldBeEmpty();
        targets.IsIntact.ShouldBeFalse();
    }

    [Fact]
    public async Task Decoder_StartedByRoot_IsNobodyInAFolderThatIsGone()
    {
        Requires.Sandbox();
        Requires.Root();
        using var decoders = new Decoders(TestProgram.Decoder);
        (await decoders.InspectAsync(Image)).Decoded.ShouldNotBeNull();

        var status = await File.ReadAllLinesAsync($"/proc/{decoders.OnlyIdle}/status");

        status.ShouldContain("Uid:\t65534\t65534\t65534\t65534");
        status.ShouldContain("Gid:\t65534\t65534\t65534\t65534");
        status.ShouldContain("CapEff:\t0000000000000000");
        status.ShouldContain("Groups:\t ");
        Directory.Exists(new FileInfo($"/proc/{decoders.OnlyIdle}/cwd").LinkTarget).ShouldBeFalse();
    }

    [Fact]
    public async Task Decoder_FilesForRootAlone_StaysRootAndWarnsOnce()
    {
        Requires.Sandbox();
        Requires.Root();
        using var folder = new TempFolder();
        var log = new FakeLogger();
        using var decoders = new Decoders(WithFolderForRootAlone(TestProgram.Decoder, folder), new ImagingOptions { Decoders = 1, DecoderAnswers = 1 }, log: log);

        (await decoders.InspectAsync(Image)).Decoded.ShouldNotBeNull(); // by two decoders

        log.Collector.Warnings().ShouldHaveSingleItem().Message.ShouldContain("root");
    }

    [Fact]
    public async Task Decoder_EveryThread_HasTheFilter()
    {
        Requires.Sandbox();
        using var decoders = new Decoders(TestProgram.Decoder);
        await decoders.InspectAsync(Image);

        FiltersOf($"{decoders.OnlyIdle}").ShouldAllBe(filter => filter == "Seccomp:\t2");
        FiltersOf("self").ShouldNotContain("Seccomp:\t2"); // and none of the process that started it
    }

    // Of every thread of a process; some end meanwhile.
    private static List<string> FiltersOf(string process)
    {
        var filters = new List<string>();
        foreach (var thread in Directory.GetDirectories($"/proc/{process}/task"))
        {
            try
            {
                filters.Add(File.ReadLines($"{thread}/status").Single(line => line.StartsWith("Seccomp:", StringComparison.Ordinal)));
            }
            catch (IOException)
            {
                // It has ended.
            }
        }

        filters.ShouldNotBeEmpty();
        return filters;
    }

    [Fact]
    public async Task Decoder_SandboxOff_HasNone()
    {
        Requires.Linux();
        using var decoders = new Decoders(TestProgram.Decoder, new ImagingOptions { Decoders = 1, Sandbox = "off" });
        await decoders.InspectAsync(Image);

        (await File.ReadAllLinesAsync($"/proc/{decoders.OnlyIdle}/status")).ShouldContain("Seccomp:\t0");
    }

    // As if a library that the decoder may need were in a folder of root: another user finds nothing in it.
    private static DecoderCommand WithFolderForRootAlone(DecoderCommand command, TempFolder folder) =>
        new("env", [$"LD_LIBRARY_PATH={folder.Root}", command.Program, .. command.Arguments]);

    private static string[] AttemptsInSandbox(DecoderCommand command) => Attempts(command.Sandboxed(new ImagingOptions()));

    private static string[] Attempts(DecoderCommand command)
    {
        using var process = DecoderProcess.Start(command, 1L << 30);
        return Attempts(process.Input, process.Output);
    }

    private static string[] Attempts(Stream toDecoder, Stream fromDecoder)
    {
        var connection = new DecoderConnection(toDecoder, fromDecoder);
        connection.Handshake(new DecoderSettings("auto", 1000, 1000, 80, 1L << 30));
        var request = new DecoderRequest("png", Image.Length, DateTimeOffset.UnixEpoch);
        var answer = connection.Exchange(request, new MemoryStream(Image));
        answer.Kind.ShouldBe(FrameKind.Refused, Encoding.UTF8.GetString(answer.Content));
        return JsonSerializer.Deserialize(answer.Content, DecoderJson.Default.DecoderError)!.Message.Split(EscapeAttempts.Separator, StringSplitOptions.RemoveEmptyEntries);
    }
}

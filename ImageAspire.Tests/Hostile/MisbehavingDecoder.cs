using System.Runtime.InteropServices;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging;
using ImageAspire.Imaging.Isolation;

namespace ImageAspire.Tests.Hostile;

/// <summary>What a codec does when a hostile image has its way: in mid-decode, after half of the image was read. Runs in a child process only.</summary>
internal sealed partial class MisbehavingDecoder(ICodec honest, string how) : ICodec
{
    /// <summary>Images so wide are the hostile ones.</summary>
    public const int Width = 13;

    private int _rendered;

    public bool CanDecode => honest.CanDecode;

    public Task<InspectedImage> InspectAsync(Stream content, ImageFormat format, CancellationToken cancellationToken)
    {
        Misbehave(content);
        return honest.InspectAsync(content, format, cancellationToken);
    }

    public Task<PixelImage> DecodePixelsAsync(Stream content, ImageFormat format, int side, CancellationToken cancellationToken)
    {
        Misbehave(content);
        return honest.DecodePixelsAsync(content, format, side, cancellationToken);
    }

    private void Misbehave(Stream content)
    {
        if (IsHostile(content) && (how != "segv when worn" || _rendered > 0))
        {
            content.ReadExactly(new byte[content.Length / 2]);
            ComeToGrief();
        }

        _rendered++;
    }

    // All images of these tests are PNG.
    private static bool IsHostile(Stream content)
    {
        var head = new byte[20];
        content.ReadExactly(head);
        content.Position = 0;
        return head[19] == Width && head[18] == 0;
    }

    private void ComeToGrief()
    {
        switch (how)
        {
            case "segv" or "segv when worn":
                Fill(16, 0, 64);
                break;
            case "abort":
                Abort();
                break;
            case "kill":
                _ = Kill(Environment.ProcessId, 9);
                break;
            case "exit":
                Exit(0);
                break;
            case "hang":
                while (true)
                    _ = Pause();
            case "eat":
                while (true)
                    Eat();
            case "chatter":
                Chatter();
                Abort();
                break;
            case "garbage":
                Say(Enumerable.Repeat((byte)0xEE, 1 << 20).ToArray());
                break;
            case "endless frame":
                Say([(byte)FrameKind.Inspected, 0xFF, 0xFF, 0xFF, 0x7F]);
                break;
            case "wish outside":
                Say([(byte)FrameKind.Read, 12, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 16, 0, 0, 0]);
                break;
            case "wrong answer":
                Say([(byte)FrameKind.Inspected, 2, 0, 0, 0, .. "{}"u8]);
                break;
            default:
                throw new ArgumentException(how);
        }

        while (true)
            _ = Pause();
    }

    private static unsafe void Eat()
    {
        const int Piece = 4 << 20;
        var memory = Allocate(Piece);
        if (memory != 0)
            new Span<byte>((void*)memory, Piece).Fill(1);
        else
            _ = Pause(); // its own limit; whoever started it sees how much it has
    }

    private static void Chatter()
    {
        using var errors = Console.OpenStandardError();
        for (var i = 0; i < 1000; i++)
            errors.Write("\u001b[31mnoise\r\n"u8);
        errors.Write("the last words"u8);
    }

    private static void Say(byte[] bytes)
    {
        using var output = Console.OpenStandardOutput();
        output.Write(bytes);
        output.Flush();
    }

    [LibraryImport("libc", EntryPoint = "memset")]
    private static partial nint Fill(nint memory, int value, nuint count);

    [LibraryImport("libc", EntryPoint = "malloc")]
    private static partial nint Allocate(nuint count);

    [LibraryImport("libc", EntryPoint = "abort")]
    private static partial void Abort();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);

    [LibraryImport("libc", EntryPoint = "pause")]
    private static partial int Pause();
}

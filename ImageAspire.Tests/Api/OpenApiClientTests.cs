using System.Diagnostics;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Api;

/// <summary>
/// The OpenAPI document as others use it: a TypeScript client is generated from it (openapi-typescript), a program that uses the client is
/// compiled, which checks the types, and calls a running Api.
/// </summary>
[Trait("Category", "Slow")]
public sealed class OpenApiClientTests
{
    [Fact]
    public async Task GeneratedClient_RunningApi_UnderstandEachOther()
    {
        NodePackages.OpenApiClient.Require();
        await using var host = new ApiHost();
        var folder = NodePackages.OpenApiClient.Folder;
        var image = Path.Combine(host.DataFolder, "client.jpg");
        await File.WriteAllBytesAsync(image, TestImages.Jpeg(seed: 77));

        await NodeAsync("node_modules/openapi-typescript/bin/cli.js", Path.Combine(folder, "..", "..", "docs", "openapi", "v1.json"), "-o", "obj/schema.d.ts");
        await NodeAsync("node_modules/typescript/bin/tsc", "-p", ".");
        var output = await NodeAsync("obj/js/calls.js", host.Address.ToString().TrimEnd('/'), ApiHost.AllKey, image);

        output.TrimEnd().ShouldEndWith("ok");
    }

    private static async Task<string> NodeAsync(params string[] arguments)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var node = Process.Start(new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = NodePackages.OpenApiClient.Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = node.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = node.StandardError.ReadToEndAsync(patience.Token);
        await node.WaitForExitAsync(patience.Token);
        node.ExitCode.ShouldBe(0, $"node {string.Join(' ', arguments)}\n{await output}\n{await errors}");
        return await output;
    }
}

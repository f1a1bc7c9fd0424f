using System.Net;
using System.Net.Sockets;
#pragma warning disable IDE0005 // Versions of Aspire.Hosting.Testing differ in which of these they bring as global usings.
using Aspire.Hosting.ApplicationModel;
using ImageAspire.AppHost.Emulators;
using ImageAspire.Tests.Azure;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.Tests.AppHost;

/// <summary>The health of emulators, as the dashboard has it.</summary>
public sealed class EmulatorChecksTests
{
    [Fact]
    public async Task Storage_WithoutItsContainers_GetsThem()
    {
        var account = await AzuriteServer.ConnectAsync();
        var check = new BlobContainersCheck(ReferenceExpression.Create($"{account}"));

        (await check.CheckHealthAsync(new HealthCheckContext())).Status.ShouldBe(HealthStatus.Healthy);

        foreach (var container in (string[])["images", "uploads"])
            (await new global::Azure.Storage.Blobs.BlobContainerClient(account, container).ExistsAsync()).Value.ShouldBeTrue();
        (await check.CheckHealthAsync(new HealthCheckContext())).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Storage_NoServer_SaysSo()
    {
        var check = new BlobContainersCheck(ReferenceExpression.Create($"DefaultEndpointsProtocol=http;AccountName=a;AccountKey=aaaa;BlobEndpoint=http://127.0.0.1:1/a;"));

        (await check.CheckHealthAsync(new HealthCheckContext())).ShouldSatisfyAllConditions(
            result => result.Status.ShouldBe(HealthStatus.Unhealthy), result => result.Description.ShouldBe("It does not listen."));
    }

    [Theory]
    [InlineData(2013, null)]
    [InlineData(80, "It is no MongoDB.")]
    public async Task Documents_Ping_ReadsTheAnswer(int operation, string? problem)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var asked = AnswerAsync(server, operation);

        var result = await new MongoPingCheck(((IPEndPoint)server.LocalEndpoint).Port).CheckHealthAsync(new HealthCheckContext());

        (result.Status, result.Description).ShouldBe((problem is null ? HealthStatus.Healthy : HealthStatus.Unhealthy, problem));
        (await asked).Length.ShouldBe(51);
    }

    [Fact]
    public async Task Documents_NoServer_SaysSo() =>
        (await new MongoPingCheck(Ports.Free()).CheckHealthAsync(new HealthCheckContext())).Description.ShouldBe("It does not listen.");

    private static async Task<byte[]> AnswerAsync(TcpListener server, int operation)
    {
        using var client = await server.AcceptTcpClientAsync();
        var message = new byte[51];
        await client.GetStream().ReadExactlyAsync(message);
        var answer = new byte[16];
        BitConverter.GetBytes(operation).CopyTo(answer, 12);
        await client.GetStream().WriteAsync(answer);
        return message;
    }
}

using System.Text;
using System.Text.Json;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;

namespace ImageAspire.Tests.Core;

public sealed class CloudEventsTests
{
    [Fact]
    public void Write_AnEvent_IsACloudEventOfVersionOne()
    {
        var e = ImageLifecycle.Edit(Samples.Received(), null, null, archived: true, Samples.Traced)!.Event;

        using var json = JsonDocument.Parse(CloudEvents.Write(e));
        var root = json.RootElement;

        root.GetProperty("specversion").GetString().ShouldBe("1.0");
        root.GetProperty("id").GetString().ShouldBe(e.Id.ToString("D"));
        root.GetProperty("type").GetString().ShouldBe("image.archived");
        root.GetProperty("source").GetString().ShouldBe("/images");
        root.GetProperty("subject").GetString().ShouldBe(e.ImageId.ToString("D"));
        root.GetProperty("time").GetString().ShouldBe("2026-03-01T12:00:00.000Z");
        root.GetProperty("datacontenttype").GetString().ShouldBe("application/json");
        root.GetProperty("traceparent").GetString().ShouldBe(Samples.Traced.TraceParent);
        root.GetProperty("data").GetProperty("status").GetString().ShouldBe("received");
        root.GetProperty("data").TryGetProperty("failure", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(ImageStatus.Received)]
    [InlineData(ImageStatus.Analyzed)]
    [InlineData(ImageStatus.Failed)]
    public void Read_WhatWasWritten_IsTheSameEvent(ImageStatus status)
    {
        var e = ImageLifecycle.Purge(Samples.In(status), Samples.Traced).Event;

        var back = CloudEvents.Read(CloudEvents.Write(e));

        CloudEvents.Write(back).ShouldBe(CloudEvents.Write(e));
        back.Data.Failure.ShouldBe(e.Data.Failure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"specversion":"0.3"}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/images","type":"image.received","subject":"x","time":"2026-03-01T12:00:00Z"}""")]
    public void Read_SomethingElse_IsAFormatError(string body) =>
        Should.Throw<FormatException>(() => CloudEvents.Read(Encoding.UTF8.GetBytes(body)));
}

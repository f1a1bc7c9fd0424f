using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;

namespace ImageAspire.Tests.Core;

public sealed class ImageLifecycleTests
{
    public static TheoryData<string, ImageStatus, bool> Moves()
    {
        var data = new TheoryData<string, ImageStatus, bool>();
        foreach (var status in Enum.GetValues<ImageStatus>())
        {
            data.Add("inspect", status, status == ImageStatus.Received);
            data.Add("reject", status, status == ImageStatus.Received);
            data.Add("analyze", status, status == ImageStatus.Inspected);
            data.Add("fail", status, status is ImageStatus.Received or ImageStatus.Inspected);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Moves))]
    public void Move_FromEveryStatus_OnlyTheLegalOnesAreMade(string move, ImageStatus from, bool legal)
    {
        var record = Samples.In(from);
        Func<Transition> make = () => move switch
        {
            "inspect" => ImageLifecycle.Inspect(record, Samples.Facts, Samples.Traced),
            "reject" => ImageLifecycle.Reject(record, Samples.Why, Samples.Traced),
            "analyze" => ImageLifecycle.Analyze(record, Samples.Analysis, Samples.Traced),
            _ => ImageLifecycle.Fail(record, Samples.Why, Samples.Traced),
        };

        if (!legal)
        {
            Should.Throw<IllegalTransitionException>(() => make()).Code.ShouldBe("illegal-move");
            return;
        }

        var transition = make();
        transition.Before.ShouldBe(record);
        transition.After!.Version.ShouldBe(record.Version + 1);
        transition.Event.Data.Version.ShouldBe(transition.After.Version);
        transition.Event.Data.Status.ShouldBe(transition.After.Status);
        transition.Event.TraceParent.ShouldBe(Samples.Traced.TraceParent);
    }

    [Fact]
    public void Receive_NewImage_IsVersionOneWithItsEvent()
    {
        var id = Guid.CreateVersion7(Samples.Noon);

        var transition = ImageLifecycle.Receive(id, "a.png", ImageFormat.Png, 7, new string('b', 64), null, Samples.Traced);

        transition.Before.ShouldBeNull();
        transition.After!.Version.ShouldBe(1);
        transition.After.UploadedBy.ShouldBe("someone");
        transition.Event.Type.ShouldBe(ImageEventTypes.Received);
        transition.Event.ImageId.ShouldBe(id);
    }

    [Fact]
    public void AnalyzeAgain_Analyzed_GoesBackToInspectedAndKeepsTheOldAnalysisUntilTheNewOneIsThere()
    {
        var again = ImageLifecycle.AnalyzeAgain(Samples.In(ImageStatus.Analyzed), Samples.Traced);

        again!.After!.Status.ShouldBe(ImageStatus.Inspected);
        again.After.Analysis.ShouldNotBeNull();
        again.Event.Type.ShouldBe(ImageEventTypes.Inspected);
    }

    [Fact]
    public void AnalyzeAgain_FailedBeforeInspection_StartsWithTheInspection()
    {
        var again = ImageLifecycle.AnalyzeAgain(Samples.In(ImageStatus.Failed), Samples.Traced);

        again!.After!.Status.ShouldBe(ImageStatus.Received);
        again.After.Failure.ShouldBeNull();
        again.Event.Type.ShouldBe(ImageEventTypes.Received);
    }

    [Theory]
    [InlineData(ImageStatus.Received)]
    [InlineData(ImageStatus.Inspected)]
    public void AnalyzeAgain_OnItsWay_HasNothingToDo(ImageStatus status) =>
        ImageLifecycle.AnalyzeAgain(Samples.In(status), Samples.Traced).ShouldBeNull();

    [Fact]
    public void AnalyzeAgain_SecondInspectionFailed_StartsWithTheInspection()
    {
        var again = ImageLifecycle.InspectAgain(Samples.In(ImageStatus.Analyzed), Samples.Traced)!.After!;
        var failed = ImageLifecycle.Fail(again, Samples.Why with { Stage = "InspectImage", Code = FailureCodes.TimeLimit }, Samples.Traced).After!;

        failed.Width.ShouldNotBeNull(); // known since the first inspection
        ImageLifecycle.AnalyzeAgain(failed, Samples.Traced)!.After!.Status.ShouldBe(ImageStatus.Received);
    }

    [Fact]
    public void AnalyzeAgain_FailedForMissingBytes_StartsWithTheInspection()
    {
        var failed = ImageLifecycle.Fail(Samples.In(ImageStatus.Inspected), Samples.Why with { Stage = "AnalyzeImage", Code = FailureCodes.ContentUnavailable }, Samples.Traced).After!;

        var again = ImageLifecycle.AnalyzeAgain(failed, Samples.Traced);

        again!.After!.Status.ShouldBe(ImageStatus.Received); // a thumbnail may be what is missing
        again.After.Failure.ShouldBeNull();
        again.Event.Type.ShouldBe(ImageEventTypes.Received);
    }

    [Fact]
    public void AnalyzeAgain_Rejected_IsRefusedWithTheReason()
    {
        var error = Should.Throw<IllegalTransitionException>(() => ImageLifecycle.AnalyzeAgain(Samples.In(ImageStatus.Rejected), Samples.Traced));

        error.Code.ShouldBe("image-rejected");
        error.Message.ShouldContain(FailureCodes.Corrupt);
    }

    [Fact]
    public void Edit_SameNameAndTags_HasNothingToDo()
    {
        var record = Samples.Received() with { Tags = ["a"] };

        ImageLifecycle.Edit(record, record.Name, ["a"], null, Samples.Traced).ShouldBeNull();
    }

    [Fact]
    public void Edit_NewTags_AreInTheEventBesideThoseOfTheAnalyser()
    {
        var edited = ImageLifecycle.Edit(Samples.In(ImageStatus.Analyzed), null, ["holiday", "landscape"], null, Samples.Traced);

        edited!.Event.Data.Tags.ShouldBe(["holiday", "landscape"]);
        edited.After!.Name.ShouldBe("photo.jpg");
    }

    [Fact]
    public void Archive_Twice_HasNothingToDoTheSecondTime()
    {
        var archived = Archive(Samples.Received(), true)!.After!;

        archived.ArchivedAt.ShouldBe(Samples.Noon);
        Archive(archived, true).ShouldBeNull();
        Archive(archived, false)!.After!.ArchivedAt.ShouldBeNull();
        Archive(Samples.Received(), false).ShouldBeNull();

        static Transition? Archive(ImageRecord record, bool archived) => ImageLifecycle.Edit(record, null, null, archived, Samples.Traced);
    }

    [Fact]
    public void Edit_NameAndArchived_IsOneStepWithTwoEvents()
    {
        var step = ImageLifecycle.Edit(Samples.Received(), "new.jpg", null, true, Samples.Traced)!;

        (step.After!.Name, step.After.ArchivedAt, step.After.Version).ShouldBe(("new.jpg", Samples.Noon, 2));
        step.Events.Select(e => (e.Type, e.Data.Version)).ShouldBe([(ImageEventTypes.Updated, 2), (ImageEventTypes.Archived, 2)]);
    }

    [Fact]
    public void Purge_EveryStatus_LeavesNoRecordAndTellsTheLastOne()
    {
        foreach (var status in Enum.GetValues<ImageStatus>())
        {
            var deleted = ImageLifecycle.Purge(Samples.In(status), Samples.Traced);

            deleted.After.ShouldBeNull();
            deleted.Events.Select(e => e.Type).ShouldBe([ImageEventTypes.Deleted, ImageEventTypes.Purged]);
            deleted.Event.Data.Status.ShouldBe(status);
        }
    }
}

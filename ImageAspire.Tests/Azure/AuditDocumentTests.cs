using ImageAspire.Azure.Audit;
using ImageAspire.Core.Access;
using ImageAspire.Core.Auditing;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace ImageAspire.Tests.Azure;

/// <summary>The chain over documents, through the driver's own reader and writer; no server.</summary>
public sealed class AuditDocumentTests
{
    private readonly List<BsonDocument> _documents = [];

    public AuditDocumentTests()
    {
        for (var i = 0; i < 5; i++)
        {
            var document = i == 3
                ? AuditDocument.Of(new AccessEvent(Guid.CreateVersion7(), AccessEventTypes.KeyCreated, Guid.CreateVersion7(), "boss \ud83d", Samples.Noon, null, new AccessEventData { Scopes = ["read"] }), i)
                : AuditDocument.Of(Samples.Event(ImageEventTypes.Analyzed, Samples.Image("Größe.jpg") with { Tags = ["sea"] }) with { TraceParent = Samples.Traced.TraceParent }, i);
            AuditDocument.Link(document, i == 0 ? null : _documents[^1]);
            _documents.Add(ThroughBytes(document));
        }
    }

    public static TheoryData<string> Fields => new("_id", "sequence", "type", "imageId", "actor", "at", "traceParent", "data");

    [Fact]
    public void Check_DocumentsAsTheyWereRead_AreAChain() => Breaks(AuditDocument.Head(_documents[^1])).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Fields))]
    public void Check_AnyFieldOfADocumentChanged_IsThatOneAndNothingElse(string field)
    {
        var original = _documents[2][field];
        foreach (var other in (BsonValue?[])[null, BsonNull.Value, _documents[0][field] == original ? "other" : _documents[0][field]])
        {
            var changed = (BsonDocument)_documents[2].DeepClone();
            if (other is null)
                changed.Remove(field);
            else
                changed[field] = other;

            Breaks(null, changed).ShouldBe([new AuditBreak(AuditBreakKinds.Changed, 3, 3)]);
        }
    }

    [Fact]
    public void Check_KindOfSubjectAddedFieldOrHashChanged_IsThatOne()
    {
        var renamed = new BsonDocument(_documents[2].Select(element => new BsonElement(element.Name == "imageId" ? "keyId" : element.Name, element.Value)));
        var added = new BsonDocument(_documents[2]) { { "note", 1 } };
        var other = new BsonDocument(_documents[2]) { [AuditDocument.Hash] = new byte[32] };
        var none = new BsonDocument(_documents[2].Where(element => element.Name != AuditDocument.Hash));

        foreach (var changed in (BsonDocument[])[renamed, added, other, none])
            Breaks(null, changed).ShouldBe([new AuditBreak(AuditBreakKinds.Changed, 3, 3)]);
    }

    [Fact]
    public void Check_DocumentsRemoved_AreMissing()
    {
        var head = AuditDocument.Head(_documents[^1]);
        _documents.RemoveAt(1);
        Breaks(head).ShouldBe([new AuditBreak(AuditBreakKinds.Missing, 2, 2)]);

        _documents.RemoveAt(3);
        Breaks(head).ShouldBe([new AuditBreak(AuditBreakKinds.Missing, 2, 2), new AuditBreak(AuditBreakKinds.Missing, 5, 5)]);
    }

    [Fact]
    public void Link_DocumentThatWasTooLate_IsLinkedToTheNewEnd()
    {
        var document = new BsonDocument(_documents[4]);

        AuditDocument.Link(document, _documents[4]);

        _documents.Add(document);
        AuditDocument.NumberOf(document).ShouldBe(6);
        Breaks(null).ShouldBeEmpty();
    }

    [Fact]
    public void Entry_OfADocumentInTheChain_IsWhatItWas() => AuditDocument.Entry(_documents[2]).Data!.Name.ShouldBe("Größe.jpg");

    // With another third document, if one is given.
    private IReadOnlyList<AuditBreak> Breaks(AuditHead? earlier, BsonDocument? third = null)
    {
        var chain = new AuditChainCheck(earlier);
        for (var i = 0; i < _documents.Count; i++)
            AuditDocument.Check(i == 2 && third is not null ? ThroughBytes(third) : _documents[i], chain);
        return chain.Complete().Breaks;
    }

    private static BsonDocument ThroughBytes(BsonDocument document) => BsonSerializer.Deserialize<BsonDocument>(document.ToBson());
}
